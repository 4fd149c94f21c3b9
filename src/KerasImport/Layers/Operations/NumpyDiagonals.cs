using KerasCompat.Runtime;
using static KerasCompat.Layers.Lowerings;

namespace KerasCompat.Layers;

/// <summary>The diagonals and triangles of <c>keras.ops.numpy</c>.</summary>
internal static class NumpyDiagonals
{
    public static OperationSet Table { get; } = new()
    {
        ["Diag"] = With((c, x) => x.Rank == 1 ? DiagonalMatrix(c.Graph, x, c.Int("k", 0)) : Diagonal(c.Graph, x, c.Int("k", 0), 0, 1)),
        ["Diagflat"] = With((c, x) => DiagonalMatrix(c.Graph, c.Graph.Reshape(x, x.Shape.ElementCount), c.Int("k", 0))),
        ["Diagonal"] = With((c, x) => Diagonal(c.Graph, x, c.Int("offset", 0), c.Axis(x, 0, "axis1"), c.Axis(x, 1, "axis2"))),
        ["Trace"] = With((c, x) => c.Graph.ReduceSum(Diagonal(c.Graph, x, c.Int("offset", 0), c.Axis(x, 0, "axis1"), c.Axis(x, 1, "axis2")), [-1])),
        ["Tril"] = With((c, x) => c.Graph.Tril(x, c.Int("k", 0))),
        ["Triu"] = With((c, x) => c.Graph.Triu(x, c.Int("k", 0))),
    };

    /// <summary>The diagonal of two axes as a new last axis.</summary>
    internal static Value Diagonal(GraphBuilder g, Value x, int offset, int first, int second)
    {
        int[] rest = [.. Enumerable.Range(0, x.Rank).Where(a => a != first && a != second)];
        Value matrices = g.Transpose(x, [.. rest, first, second]);
        Dim rows = matrices.Shape[-2], columns = matrices.Shape[-1];
        int row = Math.Max(-offset, 0), column = Math.Max(offset, 0);
        Dim length = Dim.Min(rows - row, columns - column);
        Value line = g.Reshape(matrices, new SymbolicShape([.. rest.Select(a => x.Shape[a]), rows * columns]));

        // Along a diagonal the flat place grows by a row and a column.
        Value width = g.SizeOf(matrices, -1);
        Value places = g.Add(g.Mul(g.Range(length), g.Add(width, 1)), g.Add(g.Mul(width, row), column));
        return g.Gather(line, places, -1);
    }

    /// <summary>A matrix with a vector on one of its diagonals.</summary>
    private static Value DiagonalMatrix(GraphBuilder g, Value x, int diagonal)
    {
        Dim size = x.Shape[0] + Math.Abs(diagonal);
        Value row = g.Pad(x, [Math.Max(diagonal, 0)], [Math.Max(-diagonal, 0)]);
        return g.Where(g.Cast(g.Eye(size, size, diagonal), DType.Bool), g.ExpandDims(row, 0), g.Scalar(0, x.DType));
    }
}
