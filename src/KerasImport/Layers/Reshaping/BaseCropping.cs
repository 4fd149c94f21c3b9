using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>Cuts steps off both ends of the spatial axes.</summary>
/// <remarks>
/// <c>(batch, spatial…, channels)</c>, with <c>channels_first</c> the channels are axis 1. Config: <c>cropping</c> (a number, a number
/// for each axis, or a pair for each axis), <c>data_format</c>. Weights: none. The mask is dropped.
/// </remarks>
internal abstract class BaseCropping : Layer
{
    private readonly AxisPairs _cropping;
    private readonly int _firstAxis;

    protected BaseCropping(LayerConfig config, int rank, int fallback)
        : base(config)
    {
        _cropping = AxisPairs.Read(config, "cropping", rank, fallback);
        _firstAxis = ChannelAxis.FirstSpatial(config.ChannelsFirst());
    }

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override Structure Call(LayerCall call)
    {
        Value x = call.Input.Value;
        int[] axes = [.. Enumerable.Range(_firstAxis, _cropping.Before.Length)];
        var ends = new SymbolicShape(axes.Select((axis, i) => x.Shape[axis] - _cropping.After[i]));
        return new KerasTensor(call.Graph.Slice(x, axes, _cropping.Before, ends));
    }
}
