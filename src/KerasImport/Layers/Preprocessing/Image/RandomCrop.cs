using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>
/// At inference the images as they are (Keras 3.8 and later), or cut from where their middle of the target's proportions begins (3.6 and
/// 3.7), or cut to the target's proportions and resized (to 3.5), or resized and cut (tf.keras to 2.6).
/// </summary>
/// <remarks>
/// Config: <c>height</c>, <c>width</c>, <c>data_format</c>, <c>at_inference</c> (identity, crop_and_resize, smart_resize, resize_and_crop).
/// Weights: none. The mask is dropped.
/// </remarks>
internal sealed class RandomCrop : Layer
{
    private readonly int _height;
    private readonly int _width;
    private readonly ImageAxes _axes;
    private readonly string _rule;

    public RandomCrop(LayerConfig config)
        : base(config)
    {
        _height = config.Int("height");
        _width = config.Int("width");
        _axes = new ImageAxes(config.ChannelsFirst());
        _rule = config.OneOf("at_inference", "identity", "identity", "crop_and_resize", "smart_resize", "resize_and_crop");
        config.Ignore("output_dtype");
    }

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override Structure Call(LayerCall call) => _rule switch
    {
        "smart_resize" => new KerasTensor(_axes.Apply(call.Graph, call.FloatingInput, x => CenterCrop.SmartResize(call, x, _height, _width))),
        "crop_and_resize" => new KerasTensor(_axes.Apply(call.Graph, call.FloatingInput, x => CropAndResize(call, x))),
        "resize_and_crop" => new KerasTensor(_axes.Apply(call.Graph, call.FloatingInput, x => ResizeAndCrop(call, x))),
        _ => call.First,
    };

    /// <summary>As many rows and columns as wanted from the corner where <see cref="Proportions.Crop"/> would begin, resized where there are fewer.</summary>
    private Value CropAndResize(LayerCall call, Value images)
    {
        GraphBuilder g = call.Graph;
        (int height, int width) = Proportions.Size(call, images);
        (int top, int left, _, _) = Proportions.Middle(call, images, _height, _width);
        int bottom = Math.Min(top + _height, height), right = Math.Min(left + _width, width);
        Value cut = g.Slice(images, [1, 2], [top, left], new SymbolicShape(bottom, right));
        return bottom - top == _height && right - left == _width
            ? cut
            : g.Cast(g.Resize(g.Cast(cut, DType.Float32), _height, _width, Interpolation.Bilinear), images.DType);
    }

    /// <summary>Resized until the shorter side fits, then the middle.</summary>
    private Value ResizeAndCrop(LayerCall call, Value images)
    {
        GraphBuilder g = call.Graph;
        (int height, int width) = Proportions.Size(call, images);
        bool isTall = (double)height / width > (double)_height / _width;
        int rows = isTall ? (int)((double)(_width * height) / width) : _height;
        int columns = isTall ? _width : (int)((double)(_height * width) / height);
        Value resized = g.Cast(g.Resize(g.Cast(images, DType.Float32), rows, columns, Interpolation.Bilinear), images.DType);
        int top = (rows - _height) / 2, left = (columns - _width) / 2;
        return g.Slice(resized, [1, 2], [top, left], new SymbolicShape(top + _height, left + _width));
    }
}
