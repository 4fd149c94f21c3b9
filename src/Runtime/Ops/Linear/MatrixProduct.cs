using System.Numerics;
using System.Numerics.Tensors;
using KerasCompat.Runtime.Cpu;
using KerasCompat.Runtime.Cpu.Kernels;

namespace KerasCompat.Runtime;

/// <summary>The kernels of <see cref="MatMul"/> and <see cref="FusedMatMul"/>: products of matrices over broadcast leading axes.</summary>
internal static unsafe class MatrixProduct
{
    /// <summary>A kernel over inputs a, b, bias? and residual?.</summary>
    /// <param name="binding">Where they lie.</param>
    /// <param name="op">What is done besides the product.</param>
    public static CpuKernel Make<T>(CpuBinding binding, FusedMatMul op)
        where T : unmanaged, INumber<T>
    {
        MatrixOperand a = MatrixOperand.Read(binding.Input(0).Shape, op.PermA), b = MatrixOperand.Read(binding.Input(1).Shape, op.PermB);
        MatrixOperand y = MatrixOperand.Write(binding.Output(0).Shape, op.PermOutput);
        if (binding.Output(0).Length == 0)
        {
            return static _ => { };
        }

        // One matrix on the right: the rows of all batches on the left are the rows of one matrix.
        bool oneRight = a.IsPlain && y.IsPlain && b.Shape.AsSpan()[..^2].IndexOfAnyExcept(1) < 0;
        var epilogue = new FusedEpilogue(binding, bias: 2, residual: 3, op.Activation, addsResidualAfter: !oneRight);
        if (typeof(T) != typeof(float) || a.ColumnStride != 1 || y.ColumnStride != 1)
        {
            return Plain<T>(binding, a, b, y, epilogue);
        }

        return !oneRight ? Batched(binding, a, b, y, epilogue)
            : binding.Constant(1) is not null ? Packed(binding, b, epilogue)
            : Unpacked(binding, b, epilogue);
    }

    /// <summary>By weights: packed once for all calls.</summary>
    private static CpuKernel Packed(CpuBinding binding, MatrixOperand b, FusedEpilogue epilogue)
    {
        Slot a = binding.Input(0), y = binding.Output(0);
        int m = y.Length / b.Columns;
        PackedMatrix packed = binding.Packed(("matrix", b.RowStride, b.ColumnStride, KernelTable.Active), w => Pack(w[0]!.Span, b), [(p, w) => Unpack(p, w, b)], 1);
        Slot workspace = binding.Workspace(DType.Float32, Gemm.WorkspaceFloats(m));
        return frame =>
        {
            Gemm.Multiply(
                frame.Pointer<float>(a), b.Rows, packed, frame.Pointer<float>(y), b.Columns, m, epilogue.For(frame, b.Columns), frame.Span<float>(workspace));
            epilogue.Finish<float>(frame);
        };
    }

    private static PackedMatrix Pack(ReadOnlySpan<float> weight, MatrixOperand b)
    {
        fixed (float* start = weight)
        {
            return new PackedMatrix(start, b.Rows, b.Columns, b.RowStride, b.ColumnStride);
        }
    }

    private static void Unpack(PackedMatrix packed, Span<float> weight, MatrixOperand b)
    {
        fixed (float* start = weight)
        {
            packed.Unpack(start, b.RowStride, b.ColumnStride);
        }
    }

    /// <summary>By one matrix that only the call knows.</summary>
    private static CpuKernel Unpacked(CpuBinding binding, MatrixOperand right, FusedEpilogue epilogue)
    {
        Slot a = binding.Input(0), b = binding.Input(1), y = binding.Output(0);
        (int k, int n) = (right.Rows, right.Columns);
        int m = y.Length / n;
        Slot workspace = binding.Workspace(DType.Float32, Gemm.UnpackedWorkspaceFloats(m, n, k));
        return frame =>
        {
            Gemm.MultiplyUnpacked(
                frame.Pointer<float>(a), k, frame.Pointer<float>(b), right.RowStride, right.ColumnStride, frame.Pointer<float>(y), n, m, n, k,
                epilogue.For(frame, n), frame.Span<float>(workspace));
            epilogue.Finish<float>(frame);
        };
    }

    /// <summary>Many products: the batch as two axes that the batched kernel walks, and a loop over what is left.</summary>
    private static CpuKernel Batched(CpuBinding binding, MatrixOperand left, MatrixOperand right, MatrixOperand product, FusedEpilogue epilogue)
    {
        Slot a = binding.Input(0), b = binding.Input(1), y = binding.Output(0);
        (int m, int k, int n) = (left.Rows, left.Columns, product.Columns);
        int[] sizes = product.Shape[..^2];
        MatrixBatch batch = MatrixBatch.Of(sizes, left.Offsets(sizes), right.Offsets(sizes), product.Offsets(sizes));
        Slot workspace = binding.Workspace(DType.Float32, BatchedGemm.WorkspaceFloats(batch.Outer, batch.Inner, m, n, k));
        return frame =>
        {
            float* startA = frame.Pointer<float>(a), startB = frame.Pointer<float>(b), startY = frame.Pointer<float>(y);
            for (int i = 0; i < batch.A.Starts.Length; i++)
            {
                BatchedGemm.Multiply(
                    new BatchOperand((nint)(startA + batch.A.Starts[i]), batch.A.OuterStep, batch.A.InnerStep, left.RowStride),
                    new BatchOperand((nint)(startB + batch.B.Starts[i]), batch.B.OuterStep, batch.B.InnerStep, right.RowStride, right.ColumnStride),
                    new BatchOperand((nint)(startY + batch.Y.Starts[i]), batch.Y.OuterStep, batch.Y.InnerStep, product.RowStride),
                    batch.Outer, batch.Inner, m, n, k, epilogue.For(frame, n), frame.Span<float>(workspace));
            }

            epilogue.Finish<float>(frame);
        };
    }

    private static CpuKernel Plain<T>(CpuBinding binding, MatrixOperand left, MatrixOperand right, MatrixOperand product, FusedEpilogue epilogue)
        where T : unmanaged, INumber<T>
    {
        Slot a = binding.Input(0), b = binding.Input(1), y = binding.Output(0);
        int[] batch = product.Shape[..^2];
        int[] offsetsA = left.Offsets(batch), offsetsB = right.Offsets(batch), offsetsY = product.Offsets(batch);
        Slot row = binding.Workspace(a.DType, left.Columns), sums = binding.Workspace(a.DType, product.Columns);
        return frame =>
        {
            ReadOnlySpan<T> bias = epilogue.Bias<T>(frame);
            for (int i = 0; i < offsetsA.Length; i++)
            {
                for (int m = 0; m < left.Rows; m++)
                {
                    Copy<T>(frame.Span<T>(a)[(offsetsA[i] + (m * left.RowStride))..], left.ColumnStride, frame.Span<T>(row), 1, left.Columns);
                    Span<T> sum = frame.Span<T>(sums);
                    SimpleGemm.Multiply(frame.Span<T>(row), 0, frame.Span<T>(b)[offsetsB[i]..], right.RowStride, right.ColumnStride, sum, 0, 1, sum.Length, left.Columns);
                    if (!bias.IsEmpty)
                    {
                        TensorPrimitives.Add(sum, bias, sum);
                    }

                    Copy<T>(sum, 1, frame.Span<T>(y)[(offsetsY[i] + (m * product.RowStride))..], product.ColumnStride, sum.Length);
                }
            }

            epilogue.Finish<T>(frame);
        };
    }

    private static void Copy<T>(ReadOnlySpan<T> from, int fromStride, Span<T> to, int toStride, int count)
    {
        for (int i = 0; i < count; i++)
        {
            to[i * toStride] = from[i * fromStride];
        }
    }
}
