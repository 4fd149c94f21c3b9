namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// C = activation(A·B [+ C] [+ bias] [+ residual]) for matrices of floats stored row after row: A is (m, k) with
/// <c>aStride</c> floats from row to row, B is (k, n), C is (m, n).
/// </summary>
internal static unsafe class Gemm
{
    /// <summary>Floats of workspace that <see cref="Multiply"/> needs for m rows, for all threads of the pool.</summary>
    public static int WorkspaceFloats(int m) =>
        m <= FewRowsProduct.MaxRows ? 0 : CpuThreads.Count * GemmBlocks.RowBlockFloats(m);

    /// <summary>Multiplies by a matrix packed before.</summary>
    public static void Multiply(
        float* a, nint aStride, PackedMatrix b, float* c, nint cStride, int m, in Epilogue epilogue, Span<float> workspace)
    {
        if (m == 0 || b.Columns == 0)
        {
            return;
        }

        if (b.IsColumns)
        {
            new FewColumnsProduct(a, aStride, b.ColumnData, b.Rows, b.Columns, b.Set, c, cStride, m, epilogue).Run();
        }
        else if (m <= FewRowsProduct.MaxRows)
        {
            new FewRowsProduct(a, aStride, b.Panels, b.Set, c, cStride, m, epilogue).Run();
        }
        else
        {
            MultiplyRows(new MatrixRows(a, aStride), b, c, cStride, m, epilogue, workspace);
        }

        GC.KeepAlive(b);
    }

    /// <summary>Multiplies rows that are put together as they are needed. B must have been packed with panels.</summary>
    public static void MultiplyRows<TSource>(
        TSource source, PackedMatrix b, float* c, nint cStride, int m, in Epilogue epilogue, Span<float> workspace)
        where TSource : struct, IRowSource
    {
        new BlockedProduct<TSource>(source, b.Panels, b.Set, c, cStride, m, epilogue).Run(workspace);
        GC.KeepAlive(b);
    }

    /// <summary>Floats of workspace that <see cref="MultiplyUnpacked"/> needs.</summary>
    public static int UnpackedWorkspaceFloats(int m, int n, int k) =>
        PackedFloats(n, k) + (CpuThreads.Count * GemmBlocks.RowBlockFloats(m));

    /// <summary>
    /// Multiplies by a matrix known only now: element (row, column) of B is
    /// <c>b[row · bRowStride + column · bColumnStride]</c>, so B may be given transposed.
    /// </summary>
    public static void MultiplyUnpacked(
        float* a, nint aStride, float* b, nint bRowStride, nint bColumnStride, float* c, nint cStride, int m, int n, int k,
        in Epilogue epilogue, Span<float> workspace)
    {
        if (m == 0 || n == 0)
        {
            return;
        }

        KernelSet set = KernelTable.Active;
        int packed = PackedFloats(n, k);
        fixed (float* panels = workspace[..packed])
        {
            KernelTable.Run(set, new PanelPacking(b, bRowStride, bColumnStride, k, n, panels));
            Panels view = new(panels, k, n);
            if (m <= FewRowsProduct.MaxRows)
            {
                new FewRowsProduct(a, aStride, view, set, c, cStride, m, epilogue).Run();
            }
            else
            {
                new BlockedProduct<MatrixRows>(new MatrixRows(a, aStride), view, set, c, cStride, m, epilogue).Run(workspace[packed..]);
            }
        }
    }

    private static int PackedFloats(int n, int k) => checked((int)Panels.Floats(k, n, KernelTable.Lanes(KernelTable.Active)));
}
