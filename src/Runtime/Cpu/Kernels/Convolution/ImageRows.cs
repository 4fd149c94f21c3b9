using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// The windows of an image as rows of a matrix, made as the product needs them: row = output position, column =
/// (tap, channel). Convolution is this matrix times the kernel.
/// </summary>
/// <remarks>
/// Neighbouring taps along the width are neighbours in memory too unless the kernel is dilated or grouped, so a whole
/// line of taps is copied at once, with zeros where it hangs over the image's edge.
/// </remarks>
internal readonly unsafe struct ImageRows : IRowSource
{
    private readonly float* _image;
    private readonly WindowGeometry _geometry;
    private readonly int _pixel;
    private readonly int _run;
    private readonly int _lineTaps;

    /// <param name="image">The input, from the group's first channel on.</param>
    /// <param name="geometry">The sizes.</param>
    /// <param name="groupChannels">Channels that a filter sees.</param>
    public ImageRows(float* image, WindowGeometry geometry, int groupChannels)
    {
        _image = image;
        _geometry = geometry;
        _pixel = geometry.Channels;
        _run = groupChannels;
        bool wholeLines = groupChannels == geometry.Channels && geometry.Width.Dilation == 1;
        _lineTaps = wholeLines ? geometry.Width.Kernel : 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CopyRows<V>(float* target, int firstRow, int rows, int firstColumn, int columns)
        where V : struct, ILanes<V>
    {
        SpatialAxis depth = _geometry.Depth;
        SpatialAxis height = _geometry.Height;
        SpatialAxis width = _geometry.Width;
        Line* lines = stackalloc Line[(columns / (_lineTaps * _run)) + 2];
        int count = FindLines(lines, firstColumn, columns);
        int w = firstRow % width.Output;
        int h = firstRow / width.Output % height.Output;
        int d = firstRow / width.Output / height.Output % depth.Output;
        int batch = firstRow / width.Output / height.Output / depth.Output;
        for (int row = 0; row < rows; row++)
        {
            int x = width.Start(w);
            int y = height.Start(h);
            int z = depth.Start(d);
            nint position = ((((nint)batch * depth.Input) + z) * height.Input) + y;
            float* source = _image + (((position * width.Input) + x) * _pixel);
            bool inside = x >= 0 && x + ((width.Kernel - 1) * width.Dilation) < width.Input
                && y >= 0 && y + ((height.Kernel - 1) * height.Dilation) < height.Input
                && z >= 0 && z + ((depth.Kernel - 1) * depth.Dilation) < depth.Input;
            if (inside)
            {
                float* to = target;
                for (int i = 0; i < count; i++)
                {
                    CopyOver<V>(source + lines[i].Source, to, lines[i].Count);
                    to += lines[i].Count;
                }
            }
            else
            {
                CopyEdge<V>(source, target, lines, count, x, y, z);
            }

            target += GemmBlocks.RowStride;
            if (++w == width.Output)
            {
                w = 0;
                if (++h == height.Output)
                {
                    h = 0;
                    if (++d == depth.Output)
                    {
                        d = 0;
                        batch++;
                    }
                }
            }
        }
    }

    /// <summary>A line of taps, or the part of it that falls into the wanted columns.</summary>
    private struct Line
    {
        /// <summary>Its first tap relative to the window's begin, in positions.</summary>
        public int X;
        public int Y;
        public int Z;

        /// <summary>Floats of the line that are left out at its front.</summary>
        public int Offset;

        /// <summary>Floats wanted.</summary>
        public int Count;

        /// <summary>Where the wanted floats begin, relative to the window's begin.</summary>
        public nint Source;
    }

    private int FindLines(Line* lines, int firstColumn, int columns)
    {
        SpatialAxis depth = _geometry.Depth;
        SpatialAxis height = _geometry.Height;
        SpatialAxis width = _geometry.Width;
        int lineLength = _lineTaps * _run;
        int perRow = width.Kernel / _lineTaps;
        int line = firstColumn / lineLength;
        int offset = firstColumn - (line * lineLength);
        int count = 0;
        for (; columns > 0; line++)
        {
            int wanted = Math.Min(lineLength - offset, columns);
            int x = line % perRow * _lineTaps * width.Dilation;
            int y = line / perRow % height.Kernel * height.Dilation;
            int z = line / perRow / height.Kernel * depth.Dilation;
            lines[count++] = new Line
            {
                X = x,
                Y = y,
                Z = z,
                Offset = offset,
                Count = wanted,
                Source = ((((((nint)z * height.Input) + y) * width.Input) + x) * _pixel) + offset,
            };
            columns -= wanted;
            offset = 0;
        }

        return count;
    }

    // A window that hangs over the image's edge.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CopyEdge<V>(float* source, float* target, Line* lines, int count, int x, int y, int z)
        where V : struct, ILanes<V>
    {
        for (int i = 0; i < count; i++)
        {
            ref Line line = ref lines[i];
            if ((uint)(y + line.Y) >= (uint)_geometry.Height.Input || (uint)(z + line.Z) >= (uint)_geometry.Depth.Input)
            {
                RowCopy.Clear<V>(target, line.Count);
            }
            else
            {
                // Of the line's floats those from `low` to `high` are in the image.
                int low = Math.Clamp(-(x + line.X), 0, _lineTaps) * _run;
                int high = Math.Clamp(_geometry.Width.Input - (x + line.X), 0, _lineTaps) * _run;
                CopyLine<V>(source + line.Source - line.Offset, target, line.Offset, line.Count, low, high);
            }

            target += line.Count;
        }
    }

    // Stores whole registers: what goes beyond the line is written again by the next line, or lies between the rows.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyOver<V>(float* source, float* target, int count)
        where V : struct, ILanes<V>
    {
        int i = 0;
        for (; i <= count - V.Count; i += V.Count)
        {
            V.Store(V.Load(source + i), target + i);
        }

        if (i < count)
        {
            V.Store(V.LoadPartial(source + i, count - i), target + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyLine<V>(float* source, float* target, int offset, int count, int low, int high)
        where V : struct, ILanes<V>
    {
        int begin = Math.Clamp(low - offset, 0, count);
        int end = Math.Clamp(high - offset, begin, count);
        if (begin > 0)
        {
            RowCopy.Clear<V>(target, begin);
        }

        RowCopy.Copy<V>(source + offset + begin, target + begin, end - begin);
        if (end < count)
        {
            RowCopy.Clear<V>(target + end, count - end);
        }
    }
}
