using System.Runtime.InteropServices;
using KerasCompat.Runtime.Cpu;
using KerasCompat.Runtime.Cpu.Kernels;

namespace KerasCompat.Runtime.OpenCl.Kernels;

/// <summary>Operators that are products of matrices: MatMul and convolutions. Weights that no call changes are packed once.</summary>
internal static class ProductKernels
{
    /// <summary>Fewer rows than a few tiles do not pay for a copy of the right operand.</summary>
    private const int RowsWorthPacking = 12;

    public static bool Multiply(FusedMatMul op, DeviceBinding b)
    {
        DType type = b.Type(0);
        if (!IsComputed(type) || !HasExpression(op.Activation, type))
        {
            return false;
        }

        MatrixOperand left = MatrixOperand.Read(b.Shape(0), op.PermA), right = MatrixOperand.Read(b.Shape(1), op.PermB);
        MatrixOperand result = MatrixOperand.Write(b.OutputShape(0), op.PermOutput);
        (int inner, int columns) = (right.Rows, right.Columns);
        Slot y = b.Output(0);
        bool one = left.IsPlain && result.IsPlain && right.Shape.AsSpan()[..^2].IndexOfAnyExcept(1) < 0;
        var product = new Product(type, one ? y.Length / Math.Max(columns, 1) : left.Rows, inner, columns, b.Input(0), default, y)
        {
            LeftStrides = one ? (inner, 1) : (left.RowStride, left.ColumnStride),
            ResultStride = one ? columns : result.RowStride,
            Bias = Optional(b, 2),
            Residual = Optional(b, 3),
            Activation = op.Activation,
        };
        Product unpacked = product with
        {
            RightStrides = (right.RowStride, right.ColumnStride),
            Offsets = one ? null : Offsets(left.Offsets(result.Shape[..^2]), right.Offsets(result.Shape[..^2]), result.Offsets(result.Shape[..^2])),
        };
        if (b.ClBlastFor(unpacked) is { } library)
        {
            ClBlastProduct.Launch(unpacked with { Right = b.Input(1) }, b, library);
            return true;
        }

        if (one && b.Constant(1) is not null)
        {
            Slot packed = b.Weights(1, ("panels", right.RowStride, right.ColumnStride), new Shape(Product.PackedLength(inner, columns)), w => Packed(w, 1, inner, columns, (_, row) => row * right.RowStride, right.ColumnStride));
            (product with { Right = packed }).Launch(b);
            return true;
        }

        product = unpacked with { Right = b.Input(1) };
        bool isGathered = b.Device.IsCpu && right.ColumnStride != 1 && product.Rows >= RowsWorthPacking;
        (isGathered ? PackedOnDevice(product, b) : product).Launch(b);
        return true;
    }

    public static bool Convolve(Conv op, DeviceBinding b)
    {
        DType type = b.Type(0);
        if (!HasExpression(op.Activation, type))
        {
            return false;
        }

        Shape x = b.Shape(0), kernel = b.Shape(1);
        WindowGeometry windows = op.WindowOf([.. kernel.Take(kernel.Rank - 2)]).Geometry(x, b.OutputShape(0));
        int channels = kernel[-2], filters = kernel[-1], groups = op.Groups, columns = filters / groups, depth = windows.Taps * channels;
        bool constant = b.Constant(1) is not null;
        var product = new Product(type, windows.OutputPositions, channels, columns, b.Input(0), default, b.Output(0))
        {
            LeftStrides = (x[-1], 1),
            RightStrides = (filters, 1),
            ResultStride = filters,
            Windows = windows.IsPointwise ? null : windows,
            Bias = Optional(b, 2),
            Residual = Optional(b, 3),
            Activation = op.Activation,
        };
        if (groups == 1 && b.ClBlastFor(product) is { } library)
        {
            ClBlastProduct.Launch(product with { Right = b.Input(1) }, b, library);
            return true;
        }

        Slot right = constant
            ? b.Weights(1, ("panels", groups), new Shape(groups * Product.PackedLength(depth, columns)), w => Packed(w, groups, depth, columns, (group, row) => (row * filters) + (group * columns), 1))
            : b.Input(1);
        product = product with
        {
            Right = right,
            RightStrides = constant ? null : product.RightStrides,
            Offsets = [.. Enumerable.Range(0, groups).SelectMany(g => new[] { g * channels, g * (constant ? Product.PackedLength(depth, columns) : columns), g * columns, g * columns })],
        };
        product.Launch(b);
        return true;
    }

    public static bool ConvolveTransposed(ConvTranspose op, DeviceBinding b)
    {
        DType type = b.Type(0);
        if (!HasExpression(op.Activation, type) || b.Constant(1) is null)
        {
            return false;
        }

        Shape x = b.Shape(0), kernel = b.Shape(1);
        WindowGeometry windows = op.Geometry(x, kernel, b.OutputShape(0));
        int channels = kernel[-1], filters = kernel[-2], depth = windows.Taps * channels;

        // The kernel is (tap, filter, channel); the rows of the product are (tap, channel).
        Slot right = b.Weights(1, "transposed panels", new Shape(Product.PackedLength(depth, filters)), w => Packed(w, 1, depth, filters, (_, row) => (row / channels * filters * channels) + (row % channels), channels));
        new Product(type, windows.InputPositions, channels, filters, b.Input(0), right, b.Output(0))
        {
            LeftStrides = (channels, 1),
            ResultStride = filters,
            Windows = windows,
            Transposed = true,
            Bias = Optional(b, 2),
            Activation = op.Activation,
        }.Launch(b);
        return true;
    }

    /// <summary>The same product after its right operands were put into panels on the device: elements of a row that lie apart would be gathered for each row of the result.</summary>
    private static Product PackedOnDevice(Product product, DeviceBinding b)
    {
        int length = Product.PackedLength(product.Inner, product.Columns), width = product.PanelWidth, panels = (product.Columns + width - 1) / width;
        int[] offsets = product.Offsets ?? [0, 0, 0, 0];
        Slot packed = b.Workspace(product.Type, length * product.Count);
        string t = ElementTypes.TypeName(product.Type);
        b.Launch(
            $$"""
            __kernel void pack(__global const {{t}}* restrict x, __global {{t}}* restrict y, __global const int4* restrict offsets, int inner, int columns, int rowStride, int columnStride)
            {
                int panel = (int)get_global_id(0), part = (int)get_global_id(1);
                x += offsets[part].y + panel * {{width}} * columnStride;
                y += (part * (int)get_global_size(0) + panel) * inner * {{width}};
                for (int j = 0; j < {{width}}; j++)
                    for (int k = 0; k < inner; k++)
                        y[k * {{width}} + j] = panel * {{width}} + j < columns ? x[k * rowStride + j * columnStride] : 0;
            }

            """,
            "pack", WorkRange.Plane(product.Inner == 0 ? 0 : panels, product.Count, 1),
            product.Right, packed, b.Table<int>(offsets), product.Inner, product.Columns, product.RightStrides!.Value.Row, product.RightStrides.Value.Column);
        return product with
        {
            Right = packed,
            RightStrides = null,
            Offsets = [.. Enumerable.Range(0, product.Count).SelectMany(i => new[] { offsets[4 * i], i * length, offsets[(4 * i) + 2], offsets[(4 * i) + 3] })],
        };
    }

    private static Slot? Optional(DeviceBinding b, int input) => b.Has(input) ? b.Input(input) : null;

    private static bool IsComputed(DType type) => type is DType.Float32 or DType.Float64 or DType.Int32 or DType.Int64;

    private static bool HasExpression(Op? activation, DType type) => ElementCode.Activation(activation, "v", new Lanes(type, 1)) is not null;

    private static int[] Offsets(int[] left, int[] right, int[] result) => [.. Enumerable.Range(0, result.Length).SelectMany(i => new[] { left[i], right[i], result[i], 0 })];

    public static byte[] Packed(Tensor weights, int groups, int rows, int columns, Func<int, int, int> rowStart, int columnStride)
    {
        int length = Product.PackedLength(rows, columns), size = weights.DType.Size();
        var bytes = new byte[groups * length * size];
        for (int group = 0; group < groups; group++)
        {
            int own = group;
            Span<byte> target = bytes.AsSpan(group * length * size, length * size);
            switch (size)
            {
                case sizeof(ushort): Pack<ushort>(target); break;
                case sizeof(uint): Pack<uint>(target); break;
                default: Pack<ulong>(target); break;
            }

            void Pack<T>(Span<byte> panels)
                where T : unmanaged => Product.Pack(MemoryMarshal.Cast<byte, T>(weights.Bytes), MemoryMarshal.Cast<byte, T>(panels), rows, columns, row => rowStart(own, row), columnStride);
        }

        return bytes;
    }
}
