// What a newcomer may want to do after a verb, as a command to copy.
import { cidrRange, nthAddress, parseCidr4 } from "../model/cidr.ts";

type Arguments = Readonly<Record<string, string>>;

const steps: Readonly<Record<string, (given: Arguments) => string>> = {
  "create-vpc": ({ name = "", cidr = "" }) => `Next, give it a subnet: vpcctl add-subnet ${name} public-web ${exampleSubnet(cidr)}`,
  "add-subnet": ({ vpc = "", name = "" }) => `To make it public: vpcctl enable-internet ${vpc} ${name}. To see what works: vpcctl test-connectivity ${vpc}`,
  "enable-internet": ({ vpc = "", subnet = "" }) => `Try it: vpcctl run-workload ${vpc} ${subnet} "curl -s --head http://www.google.com"`,
  "run-instance": ({ vpc = "", name = "", program = "" }) => {
    const logs = program === "" ? "" : `. What its program prints: vpcctl logs ${vpc}/${name} -f`;
    return `Go inside: vpcctl shell ${vpc} ${name}${logs}`;
  },
  "disable-internet": ({ vpc = "" }) => `See what works now: vpcctl test-connectivity ${vpc}`,
};

/** Absent when nothing suggests itself. `given` are the arguments and options of a verb that has succeeded, and its `program`. */
export function nextStep(verb: string, given: Arguments): string | undefined {
  return steps[verb]?.(given);
}

/** The second /24 of a VPC, as in the tutorial; all of a VPC that is too small for that. */
function exampleSubnet(cidr: string): string {
  const block = parseCidr4(cidr);
  return cidrRange(block).prefix > 23 ? block : `${nthAddress(block, 256)}/24`;
}
