using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>Images at another size: <c>(batch, h, w, channels)</c> → <c>(batch, height, width, channels)</c>.</summary>
/// <remarks>
/// Config: <c>height</c>, <c>width</c>, <c>interpolation</c> (bilinear), <c>antialias</c>, <c>crop_to_aspect_ratio</c>,
/// <c>pad_to_aspect_ratio</c> with <c>fill_value</c>, <c>data_format</c>, <c>output_dtype</c> (before Keras 3; since then the input's,
/// integers rounded half to even). Weights: none. The mask is dropped.
/// </remarks>
internal sealed class Resizing : Layer
{
    private readonly int _height;
    private readonly int _width;
    private readonly Interpolation _interpolation;
    private readonly bool _antialias;
    private readonly bool _crops;
    private readonly bool _pads;
    private readonly double _fill;
    private readonly ImageAxes _axes;
    private readonly bool _keepsType;

    public Resizing(LayerConfig config)
        : base(config)
    {
        _height = config.Int("height");
        _width = config.Int("width");
        _interpolation = Interpolations.Read(config, "bilinear");
        _antialias = config.Bool("antialias", false);
        _crops = config.Bool("crop_to_aspect_ratio", false);
        _pads = config.Bool("pad_to_aspect_ratio", false);
        _fill = config.Double("fill_value", 0);
        _axes = new ImageAxes(config.ChannelsFirst());
        _keepsType = !config.Has("output_dtype");
        config.OneOf("fill_mode", "constant", "constant");
    }

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value images = call.Input.Value;
        Value resized = _axes.Apply(g, images, x =>
        {
            x = _crops ? Proportions.Crop(call, x, _height, _width) : _pads ? Proportions.Pad(call, x, _height, _width, _fill) : x;
            // TensorFlow computes in float32 whatever the images hold, and moves pixels as they are.
            Value pixels = _interpolation == Interpolation.Nearest ? x : g.Cast(x, DType.Float32);
            return g.Resize(pixels, _height, _width, _interpolation, _antialias);
        });
        return new KerasTensor(_keepsType ? Saturation.Cast(g, resized, images.DType) : g.Cast(resized, Policy.Compute));
    }
}
