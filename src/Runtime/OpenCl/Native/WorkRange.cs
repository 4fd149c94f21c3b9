namespace KerasCompat.Runtime.OpenCl;

/// <summary>How many work-items a kernel has along three axes, and how many make a group.</summary>
internal readonly record struct WorkRange(long Global0, long Global1, long Global2, int Local0, int Local1, int Local2)
{
    /// <summary>One item for each of some elements, in groups along one axis; the kernel leaves out the items past the last.</summary>
    public static WorkRange Line(long count, int group = 64) => new(Rounded(count, group), 1, 1, group, 1, 1);

    /// <summary>One item for each element of a matrix of items, in groups along the first axis.</summary>
    public static WorkRange Plane(long width, long height, int group = 64) => new(Rounded(width, group), height, 1, group, 1, 1);

    /// <summary>One item for each element of some rows, in groups along a row. Rows lie along the first axis: on GPUs the others end at 65,535 groups.</summary>
    public static WorkRange Rows(long rows, long width, int group) => new(rows, Rounded(width, group), 1, 1, group, 1);

    /// <summary>One group for each of some lines.</summary>
    public static WorkRange Groups(long lines, int group) => new(lines * group, 1, 1, group, 1, 1);

    public bool IsEmpty => Global0 == 0 || Global1 == 0 || Global2 == 0;

    private static long Rounded(long count, int group) => (count + group - 1) / group * group;
}
