namespace KerasCompat.Runtime;

/// <summary>How one axis of an image is resized: each place of the result is a weighted sum of neighbouring places.</summary>
/// <param name="Taps">Number of weights for each place.</param>
/// <param name="Starts">The first place of the input that each place of the result reads.</param>
/// <param name="Weights">The weights, those of one place after those of another.</param>
internal sealed record ResizeAxis(int Taps, int[] Starts, double[] Weights)
{
    /// <summary>Steps of TensorFlow's table of cubic coefficients.</summary>
    private const int TableSize = 1024;

    /// <summary>The pixel that each place of the result takes when nothing is interpolated.</summary>
    public static int[] Nearest(int input, int output, bool halfPixelCenters)
    {
        // In float32, as TensorFlow computes it: at exact halves the rounding decides.
        float scale = input / (float)output;
        return [.. Enumerable.Range(0, output).Select(i => Math.Min((int)MathF.Floor((i + (halfPixelCenters ? 0.5f : 0)) * scale), input - 1))];
    }

    /// <summary>The weights of an interpolation other than nearest.</summary>
    public static ResizeAxis Of(int input, int output, Interpolation interpolation, bool antialias, bool halfPixelCenters)
    {
        double scale = (double)input / output;
        return interpolation switch
        {
            Interpolation.Area => Sample(input, output, i => (i * scale, (i + 1) * scale), (j, i) =>
                Math.Max(Math.Min(j + 1, (i + 1) * scale) - Math.Max(j, i * scale), 0)),
            Interpolation.Bilinear when !halfPixelCenters => Linear(input, output, scale),
            Interpolation.Bicubic when !antialias => Tabulated(input, output),
            _ => Kernel(input, output, interpolation, antialias),
        };
    }

    /// <summary>Weights by the distance of pixels, in float32 as TensorFlow takes it: where a kernel ends in a step, its rounding decides.</summary>
    private static ResizeAxis Kernel(int input, int output, Interpolation interpolation, bool antialias)
    {
        // The first is TensorFlow's ResizeBilinear, the second its ScaleAndTranslate.
        float step = interpolation == Interpolation.Bilinear && !antialias ? input / (float)output : 1 / (output / (float)input);
        float stretch = antialias ? MathF.Max(step, 1) : 1;
        (double radius, Func<double, double> kernel) = interpolation switch
        {
            Interpolation.Bilinear => (1.0, x => 1 - x),
            Interpolation.Bicubic => (2.0, KeysCubic),
            Interpolation.Lanczos3 => (3.0, x => Lanczos(x, 3)),
            Interpolation.Lanczos5 => (5.0, x => Lanczos(x, 5)),
            Interpolation.Gaussian => (1.5, x => Math.Exp(-2 * x * x)),
            _ => (2.0, (Func<double, double>)MitchellCubic),
        };
        return Sample(input, output, Span, (j, i) => Distance(j, i) is var x && x < radius ? kernel(x) : 0);

        float Place(int i) => (i + 0.5f) * step;

        float Distance(int j, int i) => MathF.Abs((j + 0.5f - Place(i)) * (1 / stretch));

        (double, double) Span(int i) => (Place(i) - 0.5 - (radius * stretch), Place(i) + 0.5 + (radius * stretch));
    }

    /// <summary>Keras 2.2 on TensorFlow 1: place i lies at i · scale, pixels are points.</summary>
    private static ResizeAxis Linear(int input, int output, double scale) =>
        Sample(input, output, i => (Math.Floor(i * scale), (i * scale) + 2), (j, i) => Math.Max(1 - Math.Abs(j - (i * scale)), 0));

    /// <summary>
    /// TensorFlow's cubic without antialiasing: the distance to the left pixel is rounded to 1/1024, taps outside of the image are dropped
    /// and the others made to sum to 1.
    /// </summary>
    private static ResizeAxis Tabulated(int input, int output)
    {
        float scale = input / (float)output;
        return Sample(input, output, i => (Left(i) - 1, Left(i) + 3), (j, i) =>
        {
            double fraction = Math.Round((Centre(i) - Left(i)) * TableSize) / TableSize;
            return KeysCubic(Math.Abs(j - (Left(i) + fraction)));
        });

        float Centre(int i) => ((i + 0.5f) * scale) - 0.5f;

        float Left(int i) => MathF.Floor(Centre(i));
    }

    /// <summary>Weights for the places that lie in the image, divided by their sum.</summary>
    private static ResizeAxis Sample(int input, int output, Func<int, (double From, double To)> span, Func<int, int, double> weight)
    {
        var starts = new int[output];
        var lists = new double[output][];
        for (int i = 0; i < output; i++)
        {
            (double from, double to) = span(i);
            int start = Math.Clamp((int)Math.Floor(from), 0, input - 1), end = Math.Clamp((int)Math.Ceiling(to), start + 1, input);
            double[] weights = [.. Enumerable.Range(start, end - start).Select(j => weight(j, i))];
            double sum = weights.Sum();
            starts[i] = start;
            lists[i] = [.. weights.Select(w => Math.Abs(sum) < 1e-30 ? 0 : w / sum)];
        }

        // All places get as many weights as the one with most; those near the end begin earlier, with zeros.
        int taps = lists.Max(l => l.Length);
        var all = new double[output * taps];
        for (int i = 0; i < output; i++)
        {
            int shift = Math.Max(starts[i] + taps - input, 0);
            starts[i] -= shift;
            lists[i].CopyTo(all, (i * taps) + shift);
        }

        return new ResizeAxis(taps, starts, all);
    }

    private static double KeysCubic(double x) =>
        x < 1 ? (((1.5 * x) - 2.5) * x * x) + 1
        : x < 2 ? (((((-0.5 * x) + 2.5) * x) - 4) * x) + 2
        : 0;

    private static double MitchellCubic(double x) =>
        x < 1 ? (((7.0 / 6 * x) - 2) * x * x) + (8.0 / 9)
        : (((((-7.0 / 18 * x) + 2) * x) - (10.0 / 3)) * x) + (16.0 / 9);

    private static double Lanczos(double x, int radius) =>
        x < 1e-8 ? 1 : radius * Math.Sin(Math.PI * x) * Math.Sin(Math.PI * x / radius) / (Math.PI * Math.PI * x * x);
}
