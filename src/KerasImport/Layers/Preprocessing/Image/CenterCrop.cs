using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The middle of images: <c>(batch, h, w, channels)</c> → <c>(batch, height, width, channels)</c>.</summary>
/// <remarks>
/// Images that are smaller along an axis are cut to the target's proportions and resized bilinearly. Config: <c>height</c>,
/// <c>width</c>, <c>data_format</c>. Weights: none. The mask is dropped.
/// </remarks>
internal sealed class CenterCrop : Layer
{
    private readonly int _height;
    private readonly int _width;
    private readonly ImageAxes _axes;

    public CenterCrop(LayerConfig config)
        : base(config)
    {
        _height = config.Int("height");
        _width = config.Int("width");
        _axes = new ImageAxes(config.ChannelsFirst());
        config.Ignore("output_dtype");
    }

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        return new KerasTensor(_axes.Apply(g, call.FloatingInput, x =>
        {
            (int height, int width) = Proportions.Size(call, x);
            int top = (height - _height) / 2, left = (width - _width) / 2;
            return height >= _height && width >= _width
                ? g.Slice(x, [1, 2], [top, left], new SymbolicShape(top + _height, left + _width))
                : SmartResize(call, x, _height, _width);
        }));
    }

    /// <summary>Keras's <c>smart_resize</c>: cut to the target's proportions, then resized bilinearly.</summary>
    internal static Value SmartResize(LayerCall call, Value images, int height, int width)
    {
        Value cut = call.Graph.Cast(Proportions.Crop(call, images, height, width), DType.Float32);
        return call.Graph.Cast(call.Graph.Resize(cut, height, width, Interpolation.Bilinear), images.DType);
    }
}
