using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The constants of a mel spectrogram.</summary>
/// <param name="FrameLength">Length of a frame.</param>
/// <param name="WindowLength">Length of the window in the frame's middle.</param>
/// <param name="Window"><c>hann</c>, <c>hamming</c>, or null for none.</param>
/// <param name="Rate">Samples in a second.</param>
/// <param name="Bands">Number of bands.</param>
/// <param name="LowFrequency">Where the first band begins, in hertz.</param>
/// <param name="HighFrequency">Where the last band ends, in hertz.</param>
internal sealed record MelBands(int FrameLength, int WindowLength, string? Window, int Rate, int Bands, double LowFrequency, double HighFrequency)
{
    private int Bins => (FrameLength / 2) + 1;

    /// <summary>The weighted cosines and sines of each bin, (frame, 1, 2 · bins): cosines first.</summary>
    public Tensor FourierKernel()
    {
        double[] window = Weights();
        var kernel = new double[FrameLength * 2 * Bins];
        for (int t = 0; t < FrameLength; t++)
        {
            for (int k = 0; k < Bins; k++)
            {
                // The angle is reduced among integers, so that it is exact to a rounding.
                (double sine, double cosine) = Math.SinCos(2 * Math.PI * ((long)t * k % FrameLength) / FrameLength);
                kernel[(t * 2 * Bins) + k] = window[t] * cosine;
                kernel[(t * 2 * Bins) + Bins + k] = -window[t] * sine;
            }
        }

        return Tensor.From(kernel, FrameLength, 1, 2 * Bins);
    }

    /// <summary>How much each bin counts in each band, (bins, bands).</summary>
    public Tensor Triangles()
    {
        double low = Mel(LowFrequency), high = Mel(HighFrequency);
        double Edge(int i) => low + ((high - low) * i / (Bands + 1));

        var weights = new double[Bins * Bands];
        for (int bin = 1; bin < Bins; bin++)
        {
            double mel = Mel(Rate / 2.0 * bin / (Bins - 1));
            for (int band = 0; band < Bands; band++)
            {
                double lower = Edge(band), center = Edge(band + 1), upper = Edge(band + 2);
                weights[(bin * Bands) + band] = Math.Max(0, Math.Min((mel - lower) / (center - lower), (upper - mel) / (upper - center)));
            }
        }

        return Tensor.From(weights, Bins, Bands);
    }

    private static double Mel(double frequency) => 1127 * Math.Log(1 + (frequency / 700));

    private double[] Weights()
    {
        double[] window = new double[FrameLength];
        int left = (FrameLength - WindowLength) / 2;
        for (int t = 0; t < WindowLength; t++)
        {
            double turn = Math.Cos(2 * Math.PI * t / WindowLength);
            window[left + t] = Window switch
            {
                "hann" => 0.5 - (0.5 * turn),
                "hamming" => 0.54 - (0.46 * turn),
                _ => 1,
            };
        }

        return window;
    }
}
