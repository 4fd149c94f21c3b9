namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>One operand of a batch of products: where the matrices are, in floats. A stride of 0 repeats a matrix.</summary>
/// <param name="Data">The first matrix.</param>
/// <param name="OuterStride">From one outer batch entry to the next.</param>
/// <param name="InnerStride">From one inner batch entry to the next: an attention head, for example.</param>
/// <param name="RowStride">From row to row.</param>
/// <param name="ColumnStride">From column to column: 1 unless B is given transposed.</param>
internal unsafe readonly record struct BatchOperand(
    nint Data, nint OuterStride, nint InnerStride, nint RowStride, nint ColumnStride = 1)
{
    public float* At(int outer, int inner) => (float*)Data + (outer * OuterStride) + (inner * InnerStride);
}

/// <summary>
/// Products of many small matrices: C[o,i] = activation(A[o,i]·B[o,i]). Each product is one part for the threads; the
/// two batch axes let heads that lie between rows be multiplied where they are.
/// </summary>
internal unsafe struct BatchedGemm : IParallelBody
{
    private BatchOperand _a;
    private BatchOperand _b;
    private BatchOperand _c;
    private int _inner;
    private int _m;
    private int _n;
    private int _k;
    private Epilogue _epilogue;
    private float* _workspace;

    /// <summary>Floats of workspace, for all threads of the pool.</summary>
    public static int WorkspaceFloats(int outer, int inner, int m, int n, int k)
    {
        int one = PerProduct(m, n, k);
        return outer * inner == 1 ? Gemm.UnpackedWorkspaceFloats(m, n, k) : CpuThreads.Count * one;
    }

    /// <summary>Multiplies <paramref name="outer"/> · <paramref name="inner"/> pairs of matrices. A's columns must lie together.</summary>
    /// <remarks>Bias and activation of the epilogue apply to every product; it cannot have a residual.</remarks>
    public static void Multiply(
        BatchOperand a, BatchOperand b, BatchOperand c, int outer, int inner, int m, int n, int k, in Epilogue epilogue,
        Span<float> workspace)
    {
        if (outer * inner == 1)
        {
            Gemm.MultiplyUnpacked(
                a.At(0, 0), a.RowStride, b.At(0, 0), b.RowStride, b.ColumnStride, c.At(0, 0), c.RowStride, m, n, k, epilogue, workspace);
            return;
        }

        int perProduct = PerProduct(m, n, k);
        bool serial = (long)outer * inner * m * n * k < 1 << 18;
        fixed (float* start = workspace)
        {
            BatchedGemm body = new()
            {
                _a = a,
                _b = b,
                _c = c,
                _inner = inner,
                _m = m,
                _n = n,
                _k = k,
                _epilogue = epilogue,
                _workspace = start,
            };
            CpuThreads.For(outer * inner, body, serial ? 1 : workspace.Length / Math.Max(1, perProduct));
        }
    }

    public void Run(int part, int slot)
    {
        int outer = part / _inner;
        int inner = part % _inner;
        int perProduct = PerProduct(_m, _n, _k);
        Gemm.MultiplyUnpacked(
            _a.At(outer, inner), _a.RowStride, _b.At(outer, inner), _b.RowStride, _b.ColumnStride, _c.At(outer, inner), _c.RowStride,
            _m, _n, _k, _epilogue, new Span<float>(_workspace + ((nint)slot * perProduct), perProduct));
    }

    private static int PerProduct(int m, int n, int k) =>
        checked((int)Panels.Floats(k, n, KernelTable.Lanes(KernelTable.Active))) + GemmBlocks.RowBlockFloats(m);
}
