/** The lowest number below `end` for which `holds`, or `end`. It must hold for every number above one for which it holds. */
export function lowest(end: number, holds: (n: number) => boolean): number {
  let low = 0;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
