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
    /// <param name="transposeB">Whether b is given as (…, columns, rows).</param>
    /// <param name="activation">What is applied to the sum of product, bias and residual.</param>
    public static CpuKernel Make<T>(CpuBinding binding, bool transposeB = false, Op? activation = null)
        where T : unmanaged, INumber<T>
    {
        Slot a = binding.Input(0), b = binding.Input(1), y = binding.Output(0);
        int k = a.Shape[-1], n = y.Shape[-1];
        bool oneRight = b.Shape.Product(0, b.Shape.Rank - 2) == 1;
        var epilogue = new FusedEpilogue(binding, bias: 2, residual: 3, activation, addsResidualAfter: !oneRight);
        if (y.Length == 0)
        {
            return static _ => { };
        }

        if (typeof(T) != typeof(float))
        {
            return Plain<T>(binding, transposeB, epilogue);
        }

        if (oneRight && binding.Constant(1) is Tensor<float> weight)
        {
            return Packed(binding, weight, k, n, transposeB, epilogue);
        }

        return oneRight ? Unpacked(binding, k, n, transposeB, epilogue) : Batched(binding, transposeB, epilogue);
    }

    /// <summary>By weights: packed once for all calls, and all rows of the left side taken as one matrix.</summary>
    private static CpuKernel Packed(CpuBinding binding, Tensor<float> weight, int k, int n, bool transposeB, FusedEpilogue epilogue)
    {
        Slot a = binding.Input(0), y = binding.Output(0);
        int m = y.Length / n;
        PackedMatrix packed = binding.Shared(
            (weight, "matrix", transposeB, KernelTable.Active),
            () => transposeB ? PackedMatrix.FromTransposed(weight.Span, k, n) : PackedMatrix.FromRows(weight.Span, k, n));
        Slot workspace = binding.Workspace(DType.Float32, Gemm.WorkspaceFloats(m));
        return frame =>
        {
            Gemm.Multiply(frame.Pointer<float>(a), k, packed, frame.Pointer<float>(y), n, m, epilogue.For(frame, n), frame.Span<float>(workspace));
            epilogue.Finish<float>(frame);
        };
    }

    /// <summary>By one matrix that only the call knows.</summary>
    private static CpuKernel Unpacked(CpuBinding binding, int k, int n, bool transposeB, FusedEpilogue epilogue)
    {
        Slot a = binding.Input(0), b = binding.Input(1), y = binding.Output(0);
        int m = y.Length / n;
        (int rowStride, int columnStride) = transposeB ? (1, k) : (n, 1);
        Slot workspace = binding.Workspace(DType.Float32, Gemm.UnpackedWorkspaceFloats(m, n, k));
        return frame =>
        {
            Gemm.MultiplyUnpacked(
                frame.Pointer<float>(a), k, frame.Pointer<float>(b), rowStride, columnStride, frame.Pointer<float>(y), n, m, n, k, epilogue.For(frame, n), frame.Span<float>(workspace));
            epilogue.Finish<float>(frame);
        };
    }

    /// <summary>Many products: the leading axes as two that the batched kernel walks, and a loop over what is left.</summary>
    private static CpuKernel Batched(CpuBinding binding, bool transposeB, FusedEpilogue epilogue)
    {
        Slot a = binding.Input(0), b = binding.Input(1), y = binding.Output(0);
        int m = a.Shape[-2], k = a.Shape[-1], n = y.Shape[-1];
        (int rowStride, int columnStride) = transposeB ? (1, k) : (n, 1);
        MatrixBatch batch = MatrixBatch.Of(a.Shape, b.Shape, y.Shape);
        Slot workspace = binding.Workspace(DType.Float32, BatchedGemm.WorkspaceFloats(batch.Outer, batch.Inner, m, n, k));
        return frame =>
        {
            float* left = frame.Pointer<float>(a), right = frame.Pointer<float>(b), product = frame.Pointer<float>(y);
            for (int i = 0; i < batch.OffsetsA.Length; i++)
            {
                BatchedGemm.Multiply(
                    new BatchOperand((nint)(left + batch.OffsetsA[i]), batch.A.Outer, batch.A.Inner, k),
                    new BatchOperand((nint)(right + batch.OffsetsB[i]), batch.B.Outer, batch.B.Inner, rowStride, columnStride),
                    new BatchOperand((nint)(product + ((nint)i * batch.Outer * batch.Inner * m * n)), (nint)batch.Inner * m * n, (nint)m * n, n),
                    batch.Outer, batch.Inner, m, n, k, epilogue.For(frame, n), frame.Span<float>(workspace));
            }

            epilogue.Finish<float>(frame);
        };
    }

    private static CpuKernel Plain<T>(CpuBinding binding, bool transposeB, FusedEpilogue epilogue)
        where T : unmanaged, INumber<T>
    {
        Slot a = binding.Input(0), b = binding.Input(1), y = binding.Output(0);
        int m = a.Shape[-2], k = a.Shape[-1], n = y.Shape[-1];
        (int rowStride, int columnStride) = transposeB ? (1, k) : (n, 1);
        int[] offsetsA = MatrixBatch.Offsets(a.Shape, y.Shape), offsetsB = MatrixBatch.Offsets(b.Shape, y.Shape);
        return frame =>
        {
            ReadOnlySpan<T> left = frame.Span<T>(a), right = frame.Span<T>(b), bias = epilogue.Bias<T>(frame);
            for (int i = 0; i < offsetsA.Length; i++)
            {
                Span<T> product = frame.Span<T>(y).Slice(i * m * n, m * n);
                SimpleGemm.Multiply(left.Slice(offsetsA[i], m * k), k, right.Slice(offsetsB[i], k * n), rowStride, columnStride, product, n, m, n, k);
                for (int row = 0; row < m && !bias.IsEmpty; row++)
                {
                    TensorPrimitives.Add(product.Slice(row * n, n), bias, product.Slice(row * n, n));
                }
            }

            epilogue.Finish<T>(frame);
        };
    }
}
