namespace KerasCompat.Onnx.Export;

/// <summary>Orders of axes: axis i of what lies in memory is axis <c>order[i]</c> of the value that is meant.</summary>
internal static class AxisOrder
{
    /// <summary>The order of a value as it is.</summary>
    public static int[] Own(int rank) => [.. Enumerable.Range(0, rank)];

    /// <summary>(batch, spatial…, channels) as (batch, channels, spatial…).</summary>
    public static int[] ChannelsFirst(int rank) => [0, rank - 1, .. Enumerable.Range(1, rank - 2)];

    /// <summary>True for the order of a value as it is.</summary>
    public static bool IsOwn(IReadOnlyList<int> order) => order.Index().All(a => a.Index == a.Item);

    /// <summary>Where each axis of the value stands.</summary>
    public static int[] Inverse(IReadOnlyList<int> order)
    {
        var inverse = new int[order.Count];
        for (int i = 0; i < inverse.Length; i++)
        {
            inverse[order[i]] = i;
        }

        return inverse;
    }

    /// <summary>The transposition that makes one order of another.</summary>
    public static int[] Between(IReadOnlyList<int> from, IReadOnlyList<int> to)
    {
        int[] places = Inverse(from);
        return [.. to.Select(axis => places[axis])];
    }
}
