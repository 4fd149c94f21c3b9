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
        int width = _geometry.Width.Output;
        int height = _geometry.Height.Output;
        int depth = _geometry.Depth.Output;
        int w = firstRow % width;
        int h = firstRow / width % height;
        int d = firstRow / width / height % depth;
        int batch = firstRow / width / height / depth;
        for (int row = 0; row < rows; row++)
        {
            CopyRow<V>(target, batch, d, h, w, firstColumn, columns);
            target += GemmBlocks.RowStride;
            if (++w == width)
            {
                w = 0;
                if (++h == height)
                {
                    h = 0;
                    if (++d == depth)
                    {
                        d = 0;
                        batch++;
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CopyRow<V>(float* target, int batch, int d, int h, int w, int firstColumn, int columns)
        where V : struct, ILanes<V>
    {
        SpatialAxis depth = _geometry.Depth;
        SpatialAxis height = _geometry.Height;
        SpatialAxis width = _geometry.Width;
        int lineLength = _lineTaps * _run;
        int linesPerRow = width.Kernel / _lineTaps;
        int line = firstColumn / lineLength;
        int offset = firstColumn - (line * lineLength);
        int tapW = line % linesPerRow * _lineTaps;
        int tapH = line / linesPerRow % height.Kernel;
        int tapD = line / linesPerRow / height.Kernel;
        int startW = width.Start(w);
        int startH = height.Start(h);
        int startD = depth.Start(d);
        while (columns > 0)
        {
            int count = Math.Min(lineLength - offset, columns);
            int y = startH + (tapH * height.Dilation);
            int z = startD + (tapD * depth.Dilation);
            int x = startW + (tapW * width.Dilation);
            if ((uint)y >= (uint)height.Input || (uint)z >= (uint)depth.Input)
            {
                RowCopy.Clear<V>(target, count);
            }
            else
            {
                nint position = ((((nint)batch * depth.Input) + z) * height.Input) + y;
                float* source = _image + (((position * width.Input) + x) * _pixel);
                if (x >= 0 && x + _lineTaps <= width.Input)
                {
                    CopyOver<V>(source + offset, target, count);
                }
                else
                {
                    // Of the line's floats those from `low` to `high` are in the image.
                    int low = Math.Clamp(-x, 0, _lineTaps) * _run;
                    int high = Math.Clamp(width.Input - x, 0, _lineTaps) * _run;
                    CopyLine<V>(source, target, offset, count, low, high);
                }
            }

            target += count;
            columns -= count;
            offset = 0;
            tapW += _lineTaps;
            if (tapW == width.Kernel)
            {
                tapW = 0;
                tapH++;
                if (tapH == height.Kernel)
                {
                    tapH = 0;
                    tapD++;
                }
            }
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
