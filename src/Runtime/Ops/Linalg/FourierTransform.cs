namespace KerasCompat.Runtime;

/// <summary>
/// The discrete Fourier transform of one length, in place and in double. Powers of two by J. Cooley and J. Tukey's algorithm;
/// other lengths n as a convolution with a chirp (L. Bluestein), which is done by transforms of a power of two from 2n − 1 on.
/// </summary>
internal sealed class FourierTransform
{
    private readonly int _n;
    private readonly int _power;
    private readonly double[] _cosines;
    private readonly double[] _sines;
    private readonly double[] _chirpRe = [];
    private readonly double[] _chirpIm = [];
    private readonly double[] _filterRe = [];
    private readonly double[] _filterIm = [];

    public FourierTransform(int n)
    {
        _n = n;
        bool isPower = n > 0 && (n & (n - 1)) == 0;
        _power = isPower || n == 0 ? n : (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)((2 * n) - 1));
        _cosines = [.. Enumerable.Range(0, _power / 2).Select(i => Math.Cos(2 * Math.PI * i / _power))];
        _sines = [.. Enumerable.Range(0, _power / 2).Select(i => -Math.Sin(2 * Math.PI * i / _power))];
        if (_power == n)
        {
            return;
        }

        // jk = (j² + k² − (k − j)²) / 2 makes the sum a convolution; the squares are taken modulo 2n, so that angles stay small.
        double[] angles = [.. Enumerable.Range(0, n).Select(i => Math.PI * ((long)i * i % (2L * n)) / n)];
        _chirpRe = [.. angles.Select(Math.Cos)];
        _chirpIm = [.. angles.Select(a => -Math.Sin(a))];
        _filterRe = new double[_power];
        _filterIm = new double[_power];
        for (int i = 0; i < n; i++)
        {
            _filterRe[i] = _filterRe[(_power - i) % _power] = _chirpRe[i];
            _filterIm[i] = _filterIm[(_power - i) % _power] = -_chirpIm[i];
        }

        PowerOfTwo(_filterRe, _filterIm);
    }

    /// <summary>Numbers the caller has to provide: both parts of the input, and what <see cref="Run"/> needs besides.</summary>
    public int Memory => (2 * _n) + (_power == _n ? 0 : 2 * _power);

    /// <summary>Transforms in place.</summary>
    public void Run(Span<double> re, Span<double> im, Span<double> memory)
    {
        if (_power == _n)
        {
            PowerOfTwo(re, im);
            return;
        }

        Span<double> a = memory[.._power], b = memory.Slice(_power, _power);
        memory.Clear();
        for (int i = 0; i < _n; i++)
        {
            (a[i], b[i]) = Product(re[i], im[i], _chirpRe[i], _chirpIm[i]);
        }

        PowerOfTwo(a, b);
        for (int i = 0; i < _power; i++)
        {
            (a[i], b[i]) = Product(a[i], b[i], _filterRe[i], _filterIm[i]);
        }

        PowerOfTwo(b, a);
        for (int i = 0; i < _n; i++)
        {
            (re[i], im[i]) = Product(a[i] / _power, b[i] / _power, _chirpRe[i], _chirpIm[i]);
        }
    }

    private static (double Re, double Im) Product(double a, double b, double c, double d) => ((a * c) - (b * d), (a * d) + (b * c));

    private void PowerOfTwo(Span<double> re, Span<double> im)
    {
        int n = re.Length;
        for (int i = 1, j = 0; i < n; i++)
        {
            // j is i with its bits in the opposite order: a carry runs downward.
            int bit = n >> 1;
            for (; (j & bit) != 0; bit >>= 1)
            {
                j ^= bit;
            }

            j |= bit;
            if (i < j)
            {
                (re[i], re[j]) = (re[j], re[i]);
                (im[i], im[j]) = (im[j], im[i]);
            }
        }

        for (int size = 2; size <= n; size *= 2)
        {
            int half = size / 2, step = n / size;
            for (int begin = 0; begin < n; begin += size)
            {
                for (int k = 0; k < half; k++)
                {
                    int i = begin + k, j = i + half;
                    (double x, double y) = Product(re[j], im[j], _cosines[k * step], _sines[k * step]);
                    (re[i], re[j]) = (re[i] + x, re[i] - x);
                    (im[i], im[j]) = (im[i] + y, im[i] - y);
                }
            }
        }
    }
}
