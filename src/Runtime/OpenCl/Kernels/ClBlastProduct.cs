using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime.OpenCl.Kernels;

/// <summary>Products that CLBlast computes. What is added and applied to the result is a kernel of its own behind them.</summary>
internal static class ClBlastProduct
{
    /// <summary>True for float32 operands whose rows or columns lie together, the left rows being no windows of several pixels.</summary>
    /// <param name="product">The product, its right operand not packed.</param>
    public static bool Takes(Product product) =>
        product is { Type: DType.Float32, Rows: > 0, Inner: > 0, Columns: > 0, Windows: null, Mask: null }
        && Matrix(product.LeftStrides, product.Rows, product.Inner) is not null
        && product.RightStrides is { } right && Matrix(right, product.Inner, product.Columns) is not null;

    /// <summary>Adds the product to a plan.</summary>
    public static void Launch(Product product, DeviceBinding b, ClBlastApi library)
    {
        b.Add(text => new ClBlastStep(
            $"{text} by CLBlast",
            library,
            product,
            Matrix(product.LeftStrides, product.Rows, product.Inner)!.Value,
            Matrix(product.RightStrides!.Value, product.Inner, product.Columns)!.Value));
        if (product.Bias is not null || product.Residual is not null || product.Activation is not null)
        {
            Slot y = product.Result;
            var rows = new RowGrid(b.Device, y.Length / product.Columns, product.Columns);
            b.Launch(
                $$"""
                {{Prelude.Source}}
                {{ProductSource.Finished(product)}}
                __kernel void finish(__global const REAL* bias, __global const REAL* residual, __global REAL* y, {{RowGrid.Parameters}})
                {
                    {{rows.Head}}
                    {{rows.Each}} y[row * width + column] = finished(y[row * width + column], bias, column, residual, row * width + column);
                }

                """,
                "finish", rows.Range, [product.Bias ?? y, product.Residual ?? y, y, .. rows.Arguments]);
        }
    }

    /// <summary>A matrix of these strides, or null where neither its rows nor its columns lie together. A stride along one element says nothing.</summary>
    private static BlasMatrix? Matrix((int Row, int Column) strides, int rows, int columns)
    {
        int row = rows == 1 ? columns : strides.Row, column = columns == 1 ? rows : strides.Column;
        return (columns == 1 || column == 1) && row >= columns ? new BlasMatrix(false, row)
            : (rows == 1 || row == 1) && column >= rows ? new BlasMatrix(true, column)
            : null;
    }
}
