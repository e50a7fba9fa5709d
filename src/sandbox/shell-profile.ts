import { nameServer, uplink } from "./make-believe.ts";

/** Read by the sandbox's interactive shell: the user's own settings, a prompt that tells where he is, and a welcome. */
export const profile = `
if [ -n "$BASH_VERSION" ] && [ -r ~/.bashrc ]; then . ~/.bashrc; fi
PS1="(sandbox) $\{PS1:-\\\\$ }"
unset ENV
cat >&2 <<'END'
This is a sandbox: a make-believe host with an uplink (${uplink.link}, ${uplink.address}) and a small internet behind it
(${nameServer} answers, so does http://www.google.com). You are root here, and only here. Try:

  vpcctl create-vpc company-a 10.0.0.0/16

Type exit to leave; everything made here is gone then.
END
`;
