/**
 * For a shell, after `... sleep 1000 &`: waits until the process has become `sleep`. Just forked it is still the shell, or `ip`, and who
 * looks for it by its name does not find it.
 */
export const untilItSleeps = 'until [ "$(cat /proc/$!/comm)" = sleep ]; do sleep 0.01; done';
