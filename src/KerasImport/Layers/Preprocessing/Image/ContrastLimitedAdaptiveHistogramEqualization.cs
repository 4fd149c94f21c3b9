using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>
/// Evens out the brightness of each part of an image: every pixel is looked up in the cumulative histograms of the four tiles
/// around it, which are blended by its distance to their centres.
/// </summary>
/// <remarks>
/// A tile's histogram of 256 bins is cut at <c>clip_limit · pixels / 256</c>, what is cut off is spread over all bins, and
/// <c>cdf = clip((sum − min) · 255 / (pixels − min))</c>. Images are continued by mirroring to whole tiles. Config: <c>value_range</c>,
/// <c>clip_limit</c> (4), <c>tile_grid_size</c> (8, 8), <c>data_format</c>. Weights: none. It acts at inference too. The mask is
/// dropped. Keras's <c>clahe.py</c>.
/// </remarks>
internal sealed class ContrastLimitedAdaptiveHistogramEqualization : Layer
{
    private const int Bins = 256;

    private readonly ValueRange _range;
    private readonly double _clipLimit;
    private readonly int[] _grid;
    private readonly ImageAxes _axes;

    public ContrastLimitedAdaptiveHistogramEqualization(LayerConfig config)
        : base(config)
    {
        _range = ValueRange.Read(config);
        _clipLimit = config.Double("clip_limit", 4);
        _grid = config.Ints("tile_grid_size", 2, 8);
        _axes = new ImageAxes(config.ChannelsFirst());
    }

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        DType type = call.Input.Value.DType;
        return new KerasTensor(_axes.Apply(g, call.Input.Value, x =>
        {
            Value bytes = g.Cast(_range.To(g, x, ValueRange.Bytes, DType.Float32), DType.Float32);
            return g.Cast(ValueRange.Bytes.To(g, Equalize(call, bytes), _range, DType.Float32), type);
        }));
    }

    private Value Equalize(LayerCall call, Value images)
    {
        GraphBuilder g = call.Graph;
        (int height, int width) = Proportions.Size(call, images);
        int tileHeight = (height + _grid[0] - 1) / _grid[0], tileWidth = (width + _grid[1] - 1) / _grid[1];
        int[] none = [0, 0, 0, 0], after = [0, (tileHeight * _grid[0]) - height, (tileWidth * _grid[1]) - width, 0];
        Value pixels = g.Cast(g.Clip(g.Pad(images, none, after, PadMode.Symmetric), 0, Bins - 1), DType.Int64);
        Value tables = g.Reshape(Tables(g, pixels, tileHeight, tileWidth), images.Shape[0] * (_grid[0] + 2) * (_grid[1] + 2) * images.Shape[3] * Bins);

        Dim channels = images.Shape[3];
        Dim column = channels * Bins, row = column * (_grid[1] + 2), image = row * (_grid[0] + 2);
        Value start = g.Add(
            g.Add(g.Reshape(Steps(g, images.Shape[0], image), images.Shape[0], 1, 1, 1), g.Reshape(Steps(g, channels, Bins), 1, 1, 1, channels)),
            pixels);
        Blend rows = Neighbours(tileHeight, _grid[0]), columns = Neighbours(tileWidth, _grid[1]);
        Value below = g.Reshape(g.Constant(Tensor.From(rows.Weight, rows.Weight.Length)), 1, rows.Weight.Length, 1, 1);
        Value beside = g.Reshape(g.Constant(Tensor.From(columns.Weight, columns.Weight.Length)), 1, 1, columns.Weight.Length, 1);
        Value top = Mix(Look(rows.First, columns.First), Look(rows.First, columns.Second), beside);
        Value bottom = Mix(Look(rows.Second, columns.First), Look(rows.Second, columns.Second), beside);
        return g.Slice(Mix(top, bottom, below), [1, 2], [0, 0], new SymbolicShape(height, width));

        Value Look(long[] rowTiles, long[] columnTiles) => g.Gather(tables, g.Add(start, g.Add(
            g.Mul(g.Reshape(g.Vector(rowTiles), 1, rowTiles.Length, 1, 1), Size(g, row)),
            g.Mul(g.Reshape(g.Vector(columnTiles), 1, 1, columnTiles.Length, 1), Size(g, column)))));

        Value Mix(Value a, Value b, Value weight) => g.Add(g.Mul(a, g.Sub(g.Scalar(1, DType.Float32), weight)), g.Mul(b, weight));
    }

    /// <summary>The lookup table of each tile and channel, outer tiles doubled: (batch, rows + 2, columns + 2, channels, 256).</summary>
    private Value Tables(GraphBuilder g, Value pixels, int tileHeight, int tileWidth)
    {
        Dim batch = pixels.Shape[0], channels = pixels.Shape[3];
        int count = tileHeight * tileWidth;
        Value tiles = g.Transpose(g.Reshape(pixels, batch, _grid[0], tileHeight, _grid[1], tileWidth, channels), [0, 1, 3, 5, 2, 4]);
        Dim all = batch * _grid[0] * _grid[1] * channels;
        Value places = g.Add(g.Reshape(tiles, all, count), g.ExpandDims(Steps(g, all, Bins), 1));
        Value ones = g.Expand(g.Scalar(1, DType.Float32), new SymbolicShape(all * count));
        Value counts = g.ScatterND(g.Expand(g.Scalar(0, DType.Float32), new SymbolicShape(all * Bins)), g.Reshape(places, all * count, 1), ones, ScatterReduction.Add);
        Value histogram = g.Reshape(counts, batch, _grid[0], _grid[1], channels, Bins);
        if (_clipLimit > 0)
        {
            Value cut = g.Minimum(histogram, _clipLimit * count / Bins);
            Value excess = g.ReduceSum(g.Sub(histogram, cut), [-1], keepDims: true);
            histogram = g.Add(cut, g.Div(excess, Bins));
        }

        Value sums = g.CumSum(histogram, -1);
        Value least = g.ReduceMin(sums, [-1], keepDims: true);
        Value spread = g.Sub(g.Scalar(count, DType.Float32), least);
        spread = g.Where(g.Equal(spread, 0), g.Scalar(1, DType.Float32), spread);
        Value table = g.Clip(g.Div(g.Mul(g.Sub(sums, least), 255), spread), 0, 255);
        Value framed = g.Concat([g.Slice(table, 1, 0, 1), table, g.Slice(table, 1, _grid[0] - 1)], 1);
        return g.Concat([g.Slice(framed, 2, 0, 1), framed, g.Slice(framed, 2, _grid[1] - 1)], 2);
    }

    /// <summary>For each place along an axis the two tiles between whose centres it lies, and how far it is towards the second.</summary>
    private static Blend Neighbours(int tile, int tiles)
    {
        int length = tile * tiles;
        var blend = new Blend(new long[length], new long[length], new float[length]);
        for (int i = 0; i < length; i++)
        {
            float at = ((i - (tile / 2f)) / tile) + 1f, first = MathF.Floor(at);
            blend.First[i] = Math.Clamp((long)first, 0, tiles + 1);
            blend.Second[i] = Math.Clamp((long)first + 1, 0, tiles + 1);
            blend.Weight[i] = at - first;
        }

        return blend;
    }

    /// <summary>0, step, 2 · step, …</summary>
    private static Value Steps(GraphBuilder g, Dim count, Dim step) => g.Mul(g.Range(count), Size(g, step));

    private static Value Size(GraphBuilder g, Dim size) => g.Scalar(size.Value, DType.Int64);

    private sealed record Blend(long[] First, long[] Second, float[] Weight);
}
