namespace KerasCompat.Runtime;

/// <summary>Which elements of a tensor are normalised together, and which element of gamma and beta each takes.</summary>
/// <param name="Groups">Where each set of elements begins.</param>
/// <param name="Members">Where each element of a set lies, counted from the set's beginning.</param>
/// <param name="GroupScales">What a set adds to the index of gamma.</param>
/// <param name="MemberScales">What an element adds to the index of gamma.</param>
internal sealed record MomentLayout(int[] Groups, int[] Members, int[] GroupScales, int[] MemberScales)
{
    /// <summary>True where each set lies in one piece and gamma runs along it.</summary>
    public bool IsContiguous { get; } =
        Members.Length == 0 || (Members[^1] == Members.Length - 1 && MemberScales[^1] == Members.Length - 1 && GroupScales.All(s => s == 0));

    /// <summary>A layout.</summary>
    /// <param name="sizes">The tensor's sizes, a channel axis perhaps split in two.</param>
    /// <param name="reduced">For each axis, whether a set runs along it.</param>
    /// <param name="scaled">For each axis, whether gamma has it.</param>
    public static MomentLayout Of(ReadOnlySpan<int> sizes, ReadOnlySpan<bool> reduced, ReadOnlySpan<bool> scaled)
    {
        int[] groups = [0], members = [0], groupScales = [0], memberScales = [0];
        int stride = 1, scaleStride = 1;
        for (int axis = sizes.Length - 1; axis >= 0; axis--)
        {
            int scale = scaled[axis] ? scaleStride : 0;
            if (reduced[axis])
            {
                members = Spread(members, sizes[axis], stride);
                memberScales = Spread(memberScales, sizes[axis], scale);
            }
            else
            {
                groups = Spread(groups, sizes[axis], stride);
                groupScales = Spread(groupScales, sizes[axis], scale);
            }

            stride *= sizes[axis];
            scaleStride *= scaled[axis] ? sizes[axis] : 1;
        }

        return new MomentLayout(groups, members, groupScales, memberScales);
    }

    /// <summary>The offsets once more for each step of an axis outside of those that they cover.</summary>
    private static int[] Spread(int[] offsets, int size, int stride)
    {
        var spread = new int[offsets.Length * size];
        for (int i = 0; i < spread.Length; i++)
        {
            spread[i] = (i / offsets.Length * stride) + offsets[i % offsets.Length];
        }

        return spread;
    }
}
