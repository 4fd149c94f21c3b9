using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>Pooling to a given size: window i of an axis of n steps cut into o runs from ⌊i · n / o⌋ to before ⌈(i + 1) · n / o⌉.</summary>
/// <remarks>
/// <c>(batch, spatial…, channels)</c> → <c>(batch, output_size…, channels)</c>; with <c>channels_first</c> the channels are axis 1.
/// Config: <c>output_size</c>, <c>data_format</c>. Weights: none. The mask is dropped. Keras 3.13 and later.
/// </remarks>
internal abstract class BaseAdaptivePooling : Layer
{
    private readonly PoolKind _kind;
    private readonly int[] _outputSize;
    private readonly bool _channelsFirst;

    protected BaseAdaptivePooling(LayerConfig config, PoolKind kind, int rank)
        : base(config)
    {
        _kind = kind;
        _outputSize = config.Ints("output_size", rank);
        _channelsFirst = config.ChannelsFirst();
    }

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value x = ChannelAxis.ToLast(g, call.Input.Value, _channelsFirst);
        return new KerasTensor(ChannelAxis.FromLast(g, g.AdaptivePool(x, _outputSize, _kind), _channelsFirst));
    }
}
