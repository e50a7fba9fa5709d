/** What a wire does to packets, each way. */
export interface Shaping {
  /** Bits per second. */
  readonly bandwidth?: number;
  /** Milliseconds. */
  readonly delay?: number;
  /** Milliseconds that the delay varies by, up and down. */
  readonly jitter?: number;
  /** Percent of the packets, 0..100. */
  readonly loss?: number;
}
