using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>Cuts or frames images so that they have the proportions of a target size.</summary>
/// <remarks>Keras's arithmetic: quotients in float32, rounded towards 0; frames are of one width on both sides.</remarks>
internal static class Proportions
{
    /// <summary>The largest middle part of the target's proportions.</summary>
    public static Value Crop(LayerCall call, Value images, int height, int width)
    {
        (int top, int left, int rows, int columns) = Middle(call, images, height, width);
        return call.Graph.Slice(images, [1, 2], [top, left], new SymbolicShape(top + rows, left + columns));
    }

    /// <summary>Where that part lies.</summary>
    public static (int Top, int Left, int Rows, int Columns) Middle(LayerCall call, Value images, int height, int width)
    {
        (int rows, int columns) = Size(call, images);
        int keptRows = Math.Clamp(Truncate(columns * height, width), 1, rows), keptColumns = Math.Clamp(Truncate(rows * width, height), 1, columns);
        return (Truncate(rows - keptRows, 2), Truncate(columns - keptColumns, 2), keptRows, keptColumns);
    }

    /// <summary>The image in the middle of a frame of the target's proportions.</summary>
    public static Value Pad(LayerCall call, Value images, int height, int width, double value)
    {
        (int rows, int columns) = Size(call, images);
        int top = Truncate(Math.Max(rows, Truncate(columns * height, width)) - rows, 2);
        int left = Truncate(Math.Max(columns, Truncate(rows * width, height)) - columns, 2);
        return call.Graph.Pad(images, [0, top, left, 0], [0, top, left, 0], PadMode.Constant, value);
    }

    /// <summary>Height and width, which must be known.</summary>
    public static (int Height, int Width) Size(LayerCall call, Value images) =>
        images.Shape[1].ValueOrNull is { } height && images.Shape[2].ValueOrNull is { } width
            ? (height, width)
            : throw call.Fail($"images of open size {images.Shape}", "images of a known size, since the layer keeps their proportions");

    private static int Truncate(int dividend, int divisor) => (int)((float)dividend / divisor);
}
