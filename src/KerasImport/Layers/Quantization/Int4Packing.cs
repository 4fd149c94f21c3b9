using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>Pairs of four-bit integers in one byte: the even place in the low half, the odd place in the high half, two's complement.</summary>
internal static class Int4Packing
{
    /// <summary>The integers of an array packed along an axis, as int32.</summary>
    /// <param name="g">Where the operators go.</param>
    /// <param name="packed">The array of int8, with half of the axis's size, rounded up.</param>
    /// <param name="axis">The axis, from 0.</param>
    /// <param name="length">The axis's size before packing.</param>
    public static Value Unpack(GraphBuilder g, Value packed, int axis, int length)
    {
        Value both = g.Cast(packed, DType.Int32);
        Value high = g.FloorDiv(both, g.Scalar(16, DType.Int32));
        Value low = g.Sub(both, g.Mul(high, 16));
        // 8 to 15 stand for −8 to −1.
        Value signedLow = g.Sub(g.Mod(g.Add(low, 8), g.Scalar(16, DType.Int32)), 8);
        Value pairs = g.Stack([signedLow, high], axis + 1);
        Value unpacked = g.Reshape(pairs, new SymbolicShape(packed.Shape.Select((d, i) => i == axis ? d * 2 : d)));
        return g.Slice(unpacked, axis, 0, length);
    }
}
