using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The matrix product over the last two axes, leading axes broadcast. ONNX MatMul, for values of rank 2 or more.</summary>
public sealed record MatMul : Op, INumericKernel
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        SymbolicShape a = inputs.Shape(0), b = inputs.Shape(1);
        if (a.Rank < 2 || b.Rank < 2 || inputs.DType(0) != inputs.DType(1))
        {
            throw inputs.Fail($"{inputs.Type(0)} and {inputs.Type(1)}", "two values of one element type and of rank 2 or more");
        }

        if (a[-1].IsConstant && b[-2].IsConstant && a[-1] != b[-2])
        {
            throw inputs.Fail($"{a} times {b}", "as many columns on the left as rows on the right");
        }

        SymbolicShape batch = inputs.Broadcast(new SymbolicShape(a.Take(a.Rank - 2)), new SymbolicShape(b.Take(b.Rank - 2)));
        return [new TensorType(inputs.DType(0), new SymbolicShape([.. batch, a[-2], b[-1]]))];
    }

    internal override CpuKernel Bind(CpuBinding binding) => binding.Numeric(this);

    CpuKernel INumericKernel.Make<T>(CpuBinding binding)
    {
        Slot a = binding.Input(0), b = binding.Input(1), y = binding.Output(0);
        int m = a.Shape[-2], k = a.Shape[-1], n = b.Shape[-1];
        int[] offsetsA = BatchOffsets(a.Shape, y.Shape), offsetsB = BatchOffsets(b.Shape, y.Shape);
        return frame =>
        {
            ReadOnlySpan<T> left = frame.Span<T>(a), right = frame.Span<T>(b);
            Span<T> product = frame.Span<T>(y);
            product.Clear();
            for (int batch = 0; batch < offsetsA.Length; batch++)
            {
                Multiply(left.Slice(offsetsA[batch], m * k), right.Slice(offsetsB[batch], k * n), product.Slice(batch * m * n, m * n), k, n);
            }
        };
    }

    private static void Multiply<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y, int k, int n)
        where T : INumber<T>
    {
        for (int i = 0; i < a.Length / Math.Max(k, 1); i++)
        {
            Span<T> row = y.Slice(i * n, n);
            for (int j = 0; j < k; j++)
            {
                System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(b.Slice(j * n, n), a[(i * k) + j], row, row);
            }
        }
    }

    /// <summary>Where the matrix of each element of the broadcast leading axes begins.</summary>
    private static int[] BatchOffsets(Shape x, Shape y)
    {
        int count = y.Product(0, y.Rank - 2), matrix = x[-2] * x[-1];
        var offsets = new int[count];
        for (int index = 0; index < count; index++)
        {
            int rest = index, stride = 1, offset = 0;
            for (int axis = y.Rank - 3; axis >= 0; axis--)
            {
                int own = axis - (y.Rank - x.Rank);
                int size = own >= 0 ? x[own] : 1;
                offset += size == 1 ? 0 : rest % y[axis] * stride;
                stride *= size;
                rest /= y[axis];
            }

            offsets[index] = offset * matrix;
        }

        return offsets;
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The matrix product over the last two axes; a vector is a row on the left and a column on the right.</summary>
    public Value MatMul(Value a, Value b)
    {
        Value product = Apply(new MatMul(), a.Rank == 1 ? ExpandDims(a, 0) : a, b.Rank == 1 ? ExpandDims(b, 1) : b);
        product = b.Rank == 1 ? Squeeze(product, -1) : product;
        return a.Rank == 1 ? Squeeze(product, b.Rank == 1 ? -1 : -2) : product;
    }
}
