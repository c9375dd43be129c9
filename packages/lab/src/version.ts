/** The version of the simulator, as it stands on every result. */
export const version = '0.1.0'
