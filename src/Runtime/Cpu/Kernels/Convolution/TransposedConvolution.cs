using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// Keras's Conv*Transpose: F[i·stride + j·dilation] += x[i]·K[j] along each axis, then y[t] = activation(F[t + crop] + bias).
/// First one product makes x[i]·K[j] for all i and j; then each output adds up those that fall on it, in order of j.
/// </summary>
/// <remarks>
/// In the geometry the roles are those of the forward convolution this one reverses: <c>Input</c> is this layer's
/// output size, <c>Output</c> its input size, and <c>PadBegin</c> the crop. Channels are the filters.
/// </remarks>
internal unsafe struct TransposedConvolution : IParallelBody
{
    private const long SerialWork = 1 << 16;

    private WindowGeometry _geometry;
    private float* _products;
    private float* _y;
    private Epilogue _epilogue;

    /// <summary>Packs a kernel (spatial…, filters, input channels) as Keras stores it.</summary>
    public static PackedMatrix Pack(ReadOnlySpan<float> kernel, int taps, int filters, int inputChannels)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(kernel.Length, checked(taps * filters * inputChannels));
        fixed (float* start = kernel)
        {
            return new PackedMatrix(start, inputChannels, taps * filters, 1, inputChannels, panelsOnly: true);
        }
    }

    /// <summary>Puts a packed kernel back as Keras stores it.</summary>
    public static void Unpack(PackedMatrix packed, Span<float> kernel)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(kernel.Length, checked(packed.Rows * packed.Columns));
        fixed (float* start = kernel)
        {
            packed.Unpack(start, 1, packed.Rows);
        }
    }

    public static int WorkspaceFloats(WindowGeometry geometry) =>
        checked(ProductFloats(geometry) + Gemm.WorkspaceFloats(geometry.OutputPositions));

    /// <summary>Convolves. The epilogue cannot accumulate and has no residual.</summary>
    public static void Run(
        float* x, WindowGeometry geometry, PackedMatrix kernel, float* y, in Epilogue epilogue, Span<float> workspace)
    {
        int positions = geometry.OutputPositions;
        int products = ProductFloats(geometry);
        fixed (float* start = workspace[..products])
        {
            Gemm.Multiply(x, kernel.Rows, kernel, start, kernel.Columns, positions, default, workspace[products..]);
            TransposedConvolution body = new()
            {
                _geometry = geometry,
                _products = start,
                _y = y,
                _epilogue = epilogue,
            };
            int lines = geometry.Batch * geometry.Depth.Input * geometry.Height.Input;
            CpuThreads.For(lines, body, products < SerialWork ? 1 : int.MaxValue);
        }
    }

    private static int ProductFloats(WindowGeometry geometry) =>
        checked(geometry.OutputPositions * geometry.Taps * geometry.Channels);

    public void Run(int part, int slot) => KernelTable.Run(new LineBody { Owner = this, Line = part });

    private struct LineBody : ILaneBody
    {
        public TransposedConvolution Owner;
        public int Line;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V>()
            where V : struct, ILanes<V>
        {
            WindowGeometry geometry = Owner._geometry;
            SpatialAxis depth = geometry.Depth;
            SpatialAxis height = geometry.Height;
            SpatialAxis width = geometry.Width;
            int filters = geometry.Channels;
            int h = Line % height.Input;
            int d = Line / height.Input % depth.Input;
            int batch = Line / height.Input / depth.Input;
            float* y = Owner._y + ((nint)Line * width.Input * filters);
            for (int w = 0; w < width.Input; w++)
            {
                float* target = y + ((nint)w * filters);
                if (Owner._epilogue.Bias != null)
                {
                    RowCopy.Copy<V>(Owner._epilogue.Bias, target, filters);
                }
                else
                {
                    RowCopy.Clear<V>(target, filters);
                }

                for (int tapD = 0; tapD < depth.Kernel; tapD++)
                {
                    int fromD = Source(depth, d, tapD);
                    for (int tapH = 0; tapH < height.Kernel && fromD >= 0; tapH++)
                    {
                        int fromH = Source(height, h, tapH);
                        for (int tapW = 0; tapW < width.Kernel && fromH >= 0; tapW++)
                        {
                            int fromW = Source(width, w, tapW);
                            if (fromW >= 0)
                            {
                                nint position = ((((((nint)batch * depth.Output) + fromD) * height.Output) + fromH) * width.Output) + fromW;
                                int tap = (((tapD * height.Kernel) + tapH) * width.Kernel) + tapW;
                                Add<V>(Owner._products + (((position * geometry.Taps) + tap) * filters), target, filters);
                            }
                        }
                    }
                }
            }

            Owner._epilogue.Activation.Apply(y, (nint)width.Input * filters);
        }

        // The input position i with i·stride + tap·dilation = t + crop, or −1.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static int Source(SpatialAxis axis, int t, int tap)
        {
            int at = t + axis.PadBegin - (tap * axis.Dilation);
            return at >= 0 && at % axis.Stride == 0 && at / axis.Stride < axis.Output ? at / axis.Stride : -1;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Add<V>(float* source, float* target, int count)
            where V : struct, ILanes<V>
        {
            int i = 0;
            for (; i <= count - V.Count; i += V.Count)
            {
                V.Store(V.Load(target + i) + V.Load(source + i), target + i);
            }

            if (i < count)
            {
                V sum = V.LoadPartial(target + i, count - i) + V.LoadPartial(source + i, count - i);
                V.StorePartial(sum, target + i, count - i);
            }
        }
    }
}
