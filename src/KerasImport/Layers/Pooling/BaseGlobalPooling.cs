using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The largest element, or the mean, of each channel over all places.</summary>
/// <remarks>
/// <c>(batch, spatial…, channels)</c> → <c>(batch, channels)</c>, or with <c>keepdims</c> <c>(batch, 1…, channels)</c>; with
/// <c>channels_first</c> the channels are axis 1. Config: <c>data_format</c>, <c>keepdims</c> (false). Weights: none. The mask is
/// dropped.
/// </remarks>
internal abstract class BaseGlobalPooling : Layer
{
    private readonly PoolKind _kind;
    private readonly int[] _axes;

    protected BaseGlobalPooling(LayerConfig config, PoolKind kind, int rank)
        : base(config)
    {
        _kind = kind;
        ChannelsFirst = config.ChannelsFirst();
        _axes = [.. Enumerable.Range(ChannelAxis.FirstSpatial(ChannelsFirst), rank)];
        KeepsAxes = config.Bool("keepdims", false);
    }

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected bool ChannelsFirst { get; }

    protected bool KeepsAxes { get; }

    protected override Structure Call(LayerCall call)
    {
        Value x = call.Input.Value;
        return new KerasTensor(_kind == PoolKind.Max ? Largest(call.Graph, x) : call.Graph.ReduceMean(x, _axes, KeepsAxes));
    }

    protected Value Largest(GraphBuilder g, Value x) => g.ReduceMax(x, _axes, KeepsAxes);
}
