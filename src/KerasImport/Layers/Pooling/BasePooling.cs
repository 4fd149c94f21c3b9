using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The largest element, or the mean, of each window of each channel. The mean is over the elements that are there, not over padding.</summary>
/// <remarks>
/// <c>(batch, spatial…, channels)</c> → <c>(batch, windows…, channels)</c>; with <c>channels_first</c> the channels are axis 1. Config:
/// <c>pool_size</c> (2), <c>strides</c> (the pool size), <c>padding</c>, <c>data_format</c>, <c>count_include_pad</c> (Theano: a mean over
/// padding too). Weights: none. The mask is dropped.
/// </remarks>
internal abstract class BasePooling : Layer
{
    private readonly PoolKind _kind;
    private readonly int[] _size;
    private readonly int[] _strides;
    private readonly Padding _padding;
    private readonly bool _channelsFirst;
    private readonly bool _countsPadding;

    protected BasePooling(LayerConfig config, PoolKind kind, int rank)
        : base(config)
    {
        _kind = kind;
        _size = config.Ints("pool_size", rank, 2);
        _strides = config.Has("strides") ? config.Ints("strides", rank) : _size;
        _padding = WindowPadding.OfPooling(config, _size);
        _channelsFirst = config.ChannelsFirst();
        _countsPadding = config.Bool("count_include_pad", false);
    }

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value x = ChannelAxis.ToLast(g, call.Input.Value, _channelsFirst);
        Value y = _kind == PoolKind.Max
            ? g.MaxPool(x, _size, _strides, _padding)
            : g.AveragePool(x, _size, _strides, _padding, _countsPadding);
        return new KerasTensor(ChannelAxis.FromLast(g, y, _channelsFirst));
    }
}
