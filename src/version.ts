// The build replaces these two names by constants; run from the sources, they do not exist.
declare const VPCCTL_VERSION: string | undefined;
declare const VPCCTL_COMMIT: string | undefined;

/** What `vpcctl --version` says after the name, for example `0.1.0 (4f2c1ab)`. */
export const version =
  typeof VPCCTL_VERSION === "undefined" || typeof VPCCTL_COMMIT === "undefined" ? "from sources" : `${VPCCTL_VERSION} (${VPCCTL_COMMIT})`;
