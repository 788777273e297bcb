package millrace.bench.machine;

/// What the kernel has charged to a process, in clock ticks: a line of `/proc/PID/stat`.
///
/// @param parent its parent's id
/// @param own ticks of its threads, those that ended included
/// @param ofEndedChildren ticks of children that ended and were waited for
record ProcessTimes(long parent, long own, long ofEndedChildren) {
  private static final int PARENT = 1;
  private static final int USER = 11;
  private static final int SYSTEM = 12;
  private static final int CHILDREN_USER = 13;
  private static final int CHILDREN_SYSTEM = 14;

  static ProcessTimes parse(String stat) {
    // The name stands in brackets and may hold anything, brackets and blanks included.
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return new ProcessTimes(
        Long.parseLong(fields[PARENT]),
        Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM]),
        Long.parseLong(fields[CHILDREN_USER]) + Long.parseLong(fields[CHILDREN_SYSTEM]));
  }
}
