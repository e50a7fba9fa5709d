/**
 * Behind a translation to an address that many share: each flow gets a port at random, not its sender's. Else the ports of one NAT gateway
 * that has used up its own are a run of 55,000. The kernel looks for a free port in four or five short runs from random places, which then
 * miss what is left every other time; and the gateway's neighbours, and the host itself, lose flows to that destination.
 */
export const spreadPorts = "fully-random";
