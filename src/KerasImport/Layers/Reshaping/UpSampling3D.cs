using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>Repeats every step of three axes.</summary>
/// <remarks>Config: <c>size</c> (2), <c>data_format</c>. Weights: none. The mask is dropped.</remarks>
internal sealed class UpSampling3D : Layer
{
    private readonly int[] _size;
    private readonly int _firstAxis;

    public UpSampling3D(LayerConfig config)
        : base(config)
    {
        _size = config.Ints("size", 3, 2);
        _firstAxis = ChannelAxis.FirstSpatial(config.ChannelsFirst());
    }

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override Structure Call(LayerCall call)
    {
        Value x = call.Input.Value;
        for (int i = 0; i < _size.Length; i++)
        {
            x = call.Graph.Repeat(x, _firstAxis + i, _size[i]);
        }

        return new KerasTensor(x);
    }
}
