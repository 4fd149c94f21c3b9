namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// y[b, o, f] = activation(Σ x[b, o·stride + j·dilation − pad, c] · K[j, c, f] + bias[f] [+ residual]) over
/// (batch, spatial…, channels), as a product of the image's windows with the kernel.
/// </summary>
internal static unsafe class Convolution
{
    public static int WorkspaceFloats(WindowGeometry geometry) =>
        CpuThreads.Count * GemmBlocks.RowBlockFloats(geometry.OutputPositions);

    /// <summary>Convolves. <paramref name="epilogue"/>'s residual has the output's shape.</summary>
    public static void Run(
        float* x, WindowGeometry geometry, PackedKernel kernel, float* y, in Epilogue epilogue, Span<float> workspace)
    {
        int rows = geometry.OutputPositions;
        int filters = kernel.Filters;
        int groupFilters = filters / kernel.Groups.Length;
        if (rows == 0 || filters == 0)
        {
            return;
        }

        if (FewChannelConvolution.Suits(geometry, kernel) && !epilogue.Accumulate)
        {
            FewChannelConvolution.Run(x, geometry, kernel, y, epilogue);
            return;
        }

        for (int group = 0; group < kernel.Groups.Length; group++)
        {
            PackedMatrix matrix = kernel.Groups[group];
            int column = group * groupFilters;
            float* input = x + (group * kernel.GroupChannels);
            Epilogue part = epilogue.At(0, column);
            if (geometry.IsPointwise)
            {
                if (rows <= FewRowsProduct.MaxRows)
                {
                    Gemm.Multiply(input, geometry.Channels, matrix, y + column, filters, rows, part, workspace);
                }
                else
                {
                    Gemm.MultiplyRows(new MatrixRows(input, geometry.Channels), matrix, y + column, filters, rows, part, workspace);
                }
            }
            else
            {
                ImageRows windows = new(input, geometry, kernel.GroupChannels);
                Gemm.MultiplyRows(windows, matrix, y + column, filters, rows, part, workspace);
            }
        }
    }
}
