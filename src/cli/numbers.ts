import { VpcctlError } from "../model/errors.ts";
import { quote } from "../model/quote.ts";

/** A whole number from 0. Throws InvalidParameterValue. */
export function parseCount(option: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw invalid(option, text, "a whole number", `${option} 10`);
}

/** A port, 1..65535. Throws InvalidParameterValue. */
export function parsePort(option: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65535) return port;
  throw invalid(option, text, "a port from 1 to 65535", `${option} 80`);
}

/** Seconds as given, for example `1.5`, in milliseconds. Throws InvalidParameterValue. */
export function parseSeconds(option: string, text: string): number {
  const milliseconds = /^\d{1,5}(\.\d{1,3})?$/.test(text) ? Math.round(Number(text) * 1000) : 0;
  if (milliseconds > 0) return milliseconds;
  throw invalid(option, text, "a number of seconds greater than 0", `${option} 1.5`);
}

function invalid(option: string, text: string, wanted: string, example: string): VpcctlError {
  const message = `${option} must be ${wanted}, not ${quote(text)}.`;
  return new VpcctlError({ code: "InvalidParameterValue", message, hint: `For example: ${example}` });
}
