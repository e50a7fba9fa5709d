// Names of the lists and chains of a router that others fill, or lead to.
/** Which address and MAC may send from which port, and under which route table's mark. */
export const sourcesMap = "sources";
/** Ports and MACs of router instances, which may send from any address. */
export const forwardersMap = "forwarders";
/** MAC of each attachment : the chain of its groups' egress rules. */
export const egressMap = "egress";
/** Address of each attachment and gateway : the chain of its groups' ingress rules, or a verdict. */
export const ingressMap = "ingress";
/** Address of each attachment : the number of its combination of groups, which rules that name groups look for. */
export const identitiesMap = "identities";
/** The receiver's gate. */
export const toReceiverChain = "to-receiver";
