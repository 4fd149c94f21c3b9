using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>Images enlarged by whole numbers: pixels repeated, or interpolated.</summary>
/// <remarks>
/// Config: <c>size</c> (2), <c>interpolation</c> (nearest), <c>data_format</c>, <c>half_pixel_centers</c> (false where Keras 2.2 and 2.3
/// interpolated without them). Weights: none. The mask is dropped.
/// </remarks>
internal sealed class UpSampling2D : Layer
{
    private readonly int[] _size;
    private readonly Interpolation _interpolation;
    private readonly bool _halfPixels;
    private readonly bool _channelsFirst;

    public UpSampling2D(LayerConfig config)
        : base(config)
    {
        _size = config.Ints("size", 2, 2);
        _interpolation = Interpolations.Read(config, "nearest");
        _halfPixels = config.Bool("half_pixel_centers", true);
        _channelsFirst = config.ChannelsFirst();
    }

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value x = call.Input.Value;
        if (_interpolation == Interpolation.Nearest)
        {
            int rows = ChannelAxis.FirstSpatial(_channelsFirst);
            return new KerasTensor(g.Repeat(g.Repeat(x, rows, _size[0]), rows + 1, _size[1]));
        }

        Value last = ChannelAxis.ToLast(g, x, _channelsFirst);
        Value resized = g.Resize(last, last.Shape[1] * _size[0], last.Shape[2] * _size[1], _interpolation, halfPixelCenters: _halfPixels);
        return new KerasTensor(ChannelAxis.FromLast(g, resized, _channelsFirst));
    }
}
