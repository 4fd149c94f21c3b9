using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>Integers of which a block of neighbours shares a scale and a zero point.</summary>
internal static class QuantizedBlocks
{
    /// <summary><c>(q − zero[block]) · scale[block]</c>.</summary>
    /// <param name="call">The layer's call.</param>
    /// <param name="integers">The integers, as floats.</param>
    /// <param name="scale">The scale of each block.</param>
    /// <param name="zero">The zero point of each block.</param>
    /// <param name="block">The block of each place along the axis, stored as floats.</param>
    /// <param name="axis">The axis of the scales along which blocks are told apart.</param>
    public static Value Restore(LayerCall call, Value integers, Weight scale, Weight zero, Weight block, int axis)
    {
        GraphBuilder g = call.Graph;
        Value blocks = g.Cast(g.Weight(block), DType.Int32);
        Value zeros = g.Cast(g.Gather(g.Weight(zero), blocks, axis), integers.DType);
        return g.Mul(g.Sub(integers, zeros), g.Gather(call.Weight(scale), blocks, axis));
    }
}
