using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>Adds zeros at both ends of the spatial axes.</summary>
/// <remarks>
/// <c>(batch, spatial…, channels)</c>, with <c>channels_first</c> the channels are axis 1. Config: <c>padding</c> (a number, a number for
/// each axis, or a pair for each axis), <c>data_format</c>. Weights: none. The mask is dropped.
/// </remarks>
internal abstract class BaseZeroPadding : Layer
{
    private readonly AxisPairs _padding;
    private readonly int _firstAxis;

    protected BaseZeroPadding(LayerConfig config, int rank)
        : base(config)
    {
        _padding = AxisPairs.Read(config, "padding", rank, fallback: 1);
        _firstAxis = ChannelAxis.FirstSpatial(config.ChannelsFirst());
    }

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override Structure Call(LayerCall call)
    {
        Value x = call.Input.Value;
        return new KerasTensor(call.Graph.Pad(x, Whole(_padding.Before, x.Rank), Whole(_padding.After, x.Rank)));
    }

    private EquatableList<int> Whole(int[] amounts, int rank) =>
        [.. Enumerable.Repeat(0, _firstAxis), .. amounts, .. Enumerable.Repeat(0, rank - _firstAxis - amounts.Length)];
}
