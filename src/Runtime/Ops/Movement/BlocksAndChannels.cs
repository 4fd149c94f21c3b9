namespace KerasCompat.Runtime;

// Compositions of Reshape and Transpose, for the layout (batch, height, width, channels).
public sealed partial class GraphBuilder
{
    /// <summary>Blocks of pixels become channels: (batch, h·b, w·b, c) to (batch, h, w, b·b·c), the channels ordered by row, column, channel of the block.</summary>
    public Value SpaceToDepth(Value x, int block)
    {
        Dim height = Dim.FloorDiv(x.Shape[1], block), width = Dim.FloorDiv(x.Shape[2], block), channels = x.Shape[3];
        Value blocks = Transpose(Reshape(x, [x.Shape[0], height, block, width, block, channels]), [0, 1, 3, 2, 4, 5]);
        return Reshape(blocks, [x.Shape[0], height, width, channels * (block * block)]);
    }

    /// <summary>Channels become blocks of pixels; undoes <see cref="SpaceToDepth"/>.</summary>
    public Value DepthToSpace(Value x, int block)
    {
        Dim height = x.Shape[1], width = x.Shape[2], channels = Dim.FloorDiv(x.Shape[3], block * block);
        Value blocks = Transpose(Reshape(x, [x.Shape[0], height, width, block, block, channels]), [0, 1, 3, 2, 4, 5]);
        return Reshape(blocks, [x.Shape[0], height * block, width * block, channels]);
    }

    /// <summary>The axes from <paramref name="from"/> on made one.</summary>
    public Value Flatten(Value x, int from = 0) =>
        Reshape(x, new SymbolicShape([.. x.Shape.Take(from), Dim.Product(x.Shape.Skip(from))]));
}
