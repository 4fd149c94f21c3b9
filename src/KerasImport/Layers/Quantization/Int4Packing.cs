using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>Pairs of four-bit integers in one byte: the even place in the low half, the odd place in the high half, two's complement.</summary>
internal static class Int4Packing
{
    /// <summary>The integers of a matrix packed along its last axis, as int32.</summary>
    /// <param name="g">Where the operators go.</param>
    /// <param name="packed">(rows, ⌈columns / 2⌉) of int8.</param>
    /// <param name="columns">Columns before packing.</param>
    public static Value Unpack(GraphBuilder g, Value packed, int columns)
    {
        Value both = g.Cast(packed, DType.Int32);
        Value high = g.FloorDiv(both, g.Scalar(16, DType.Int32));
        Value low = g.Sub(both, g.Mul(high, 16));
        // 8 to 15 stand for −8 to −1.
        Value signedLow = g.Sub(g.Mod(g.Add(low, 8), g.Scalar(16, DType.Int32)), 8);
        Value pairs = g.Stack([signedLow, high], -1);
        Value unpacked = g.Reshape(pairs, packed.Shape[0], packed.Shape[1] * 2);
        return g.Slice(unpacked, 1, 0, columns);
    }
}
