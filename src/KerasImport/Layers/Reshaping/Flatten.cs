using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>Lays all axes but the batch into one: <c>(batch, …)</c> → <c>(batch, features)</c>; <c>(batch)</c> → <c>(batch, 1)</c>.</summary>
/// <remarks>
/// Config: <c>data_format</c>; with <c>channels_first</c> the channels move to the end before. Weights: none. The mask is dropped.
/// </remarks>
internal sealed class Flatten : Layer
{
    private readonly bool _channelsFirst;

    public Flatten(LayerConfig config)
        : base(config) => _channelsFirst = config.ChannelsFirst();

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override Structure Call(LayerCall call)
    {
        Value x = ChannelAxis.ToLast(call.Graph, call.Input.Value, _channelsFirst);
        return new KerasTensor(call.Graph.Reshape(x, x.Shape[0], Dim.Product(x.Shape.Skip(1))));
    }
}
