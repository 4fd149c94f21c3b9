namespace KerasCompat.Runtime.Tests.Neural;

public class MatMulTests
{
    [Theory]
    [InlineData(new[] { 3, 4 }, new[] { 4, 5 })]
    [InlineData(new[] { 1, 64 }, new[] { 64, 10 })]
    [InlineData(new[] { 37, 65 }, new[] { 65, 33 })]
    [InlineData(new[] { 2, 3, 4 }, new[] { 4, 5 })]
    [InlineData(new[] { 2, 3, 4, 5 }, new[] { 2, 3, 5, 6 })]
    [InlineData(new[] { 2, 1, 4, 5 }, new[] { 3, 5, 6 })]
    [InlineData(new[] { 4, 5 }, new[] { 3, 5, 6 })]
    [InlineData(new[] { 0, 5 }, new[] { 5, 6 })]
    [InlineData(new[] { 2, 0 }, new[] { 0, 3 })]
    [InlineData(new[] { 4 }, new[] { 4, 5 })]
    [InlineData(new[] { 3, 4 }, new[] { 4 })]
    [InlineData(new[] { 4 }, new[] { 4 })]
    [InlineData(new[] { 2, 3, 4 }, new[] { 4 })]
    public void MatMul_multiplies_matrices(int[] a, int[] b)
    {
        foreach (DType type in new[] { DType.Float32, DType.Float64 })
        {
            foreach (bool stored in new[] { true, false })
            {
                var test = new OpCase(type);
                Tensor<double> x = test.Input(new Shape(a), a.Length > 1 ? ["batch"] : []);
                Tensor<double> y = stored ? test.Weight(new Shape(b)) : test.Input(new Shape(b));
                test.AssertClose(Product(x, y), test.Run((g, v) => g.MatMul(v[0], v[1])), 10);
            }
        }
    }

    private static Tensor<double> Product(Tensor<double> a, Tensor<double> b)
    {
        if (a.Shape.Rank == 1)
        {
            Tensor<double> row = Product(a.Reshape(new Shape([1, .. a.Shape.Dims])), b);
            return row.Reshape(new Shape([.. row.Shape.Take(row.Shape.Rank - (b.Shape.Rank == 1 ? 1 : 2)), .. b.Shape.Rank == 1 ? [] : new[] { row.Shape[-1] }]));
        }

        if (b.Shape.Rank == 1)
        {
            Tensor<double> column = Product(a, b.Reshape(new Shape([.. b.Shape.Dims, 1])));
            return column.Reshape(new Shape([.. column.Shape.SkipLast(1)]));
        }

        int rank = Math.Max(a.Shape.Rank, b.Shape.Rank);
        int Size(Shape s, int axis) => axis - (rank - s.Rank) is >= 0 and var own ? s[own] : 1;
        int[] batch = [.. Enumerable.Range(0, rank - 2).Select(i => Math.Max(Size(a.Shape, i), Size(b.Shape, i)))];
        int[] At(Shape s, int[] y, int row, int column) =>
            [.. Enumerable.Range(0, s.Rank - 2).Select(i => s[i] == 1 ? 0 : y[i + rank - s.Rank]), row, column];
        return Loops.Make(new Shape([.. batch, a.Shape[-2], b.Shape[-1]]), y =>
            Enumerable.Range(0, a.Shape[-1]).Sum(k => a[At(a.Shape, y, y[^2], k)] * b[At(b.Shape, y, k, y[^1])]));
    }
}
