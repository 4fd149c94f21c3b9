namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>A kernel of 3 × 3 taps (taps, channels, filters), transformed for <see cref="WinogradConvolution"/>: U = G·g·Gᵀ, one packed matrix for each of its 16 places.</summary>
internal sealed unsafe class WinogradKernel
{
    /// <summary>G, row after row; its products are rounded once, to float.</summary>
    private static readonly double[,] Transform = { { 1, 0, 0 }, { 0.5, 0.5, 0.5 }, { 0.5, -0.5, 0.5 }, { 0, 0, 1 } };

    private readonly PackedMatrix[] _places = new PackedMatrix[WinogradConvolution.Places];

    public WinogradKernel(ReadOnlySpan<float> kernel, int channels, int filters)
    {
        int tap = channels * filters;
        ArgumentOutOfRangeException.ThrowIfNotEqual(kernel.Length, checked(9 * tap));
        Channels = channels;
        Filters = filters;
        float[] transformed = new float[tap];
        for (int place = 0; place < _places.Length; place++)
        {
            (int row, int column) = (place / 4, place % 4);
            for (int i = 0; i < tap; i++)
            {
                double sum = 0;
                for (int y = 0; y < 3; y++)
                {
                    for (int x = 0; x < 3; x++)
                    {
                        sum += Transform[row, y] * Transform[column, x] * kernel[(((y * 3) + x) * tap) + i];
                    }
                }

                transformed[i] = (float)sum;
            }

            fixed (float* start = transformed)
            {
                _places[place] = new PackedMatrix(start, channels, filters, filters, 1, panelsOnly: true);
            }
        }
    }

    public int Channels { get; }

    public int Filters { get; }

    public KernelSet Set => _places[0].Set;

    public Panels Place(int place) => _places[place].Panels;
}
