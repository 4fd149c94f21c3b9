using MathNet.Numerics.LinearAlgebra;

namespace KerasCompat.Runtime.Tests.Ops;

public sealed class LinalgTests
{
    public static TheoryData<int, int> Shapes => new() { { 1, 1 }, { 3, 3 }, { 5, 3 }, { 3, 5 }, { 8, 8 }, { 1, 4 }, { 4, 1 }, { 20, 7 } };

    public static TheoryData<int> Sizes => [1, 2, 3, 5, 8, 20];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void SquareSystems(int n)
    {
        Tensor a = Dense(n, 2, n, n), b = Dense(n + 100, 2, n, 3);
        Tensor[] y = OpTest.RunAll((g, v) => [g.Solve(v[0], v[1]), g.Inverse(v[0]), g.Det(v[0]), g.SlogDet(v[0]).Sign, g.SlogDet(v[0]).LogAbs], a, b);
        for (int i = 0; i < 2; i++)
        {
            Matrix<double> left = At(a, i), right = At(b, i);
            AssertClose(left.Solve(right), At(y[0], i), 1e-9);
            AssertClose(left.Inverse(), At(y[1], i), 1e-9);
            Assert.Equal(left.Determinant(), y[2].Doubles()[i], Math.Abs(left.Determinant()) * 1e-10);
            Assert.Equal(Math.Sign(left.Determinant()), y[3].Doubles()[i]);
            Assert.Equal(Math.Log(Math.Abs(left.Determinant())), y[4].Doubles()[i], 1e-10);
        }

        Tensor vectors = OpTest.Run((g, v) => g.Solve(v[0], g.Select(v[1], 2, 0)), a, b);
        Assert.Equal(new Shape(2, n), vectors.Shape);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Triangles(int n)
    {
        Tensor b = Dense(n, 2, n, 2);
        Tensor a = OpTest.Run((g, v) => g.Add(g.MatMul(v[0], g.SwapAxes(v[0], 1, 2)), g.Eye(v[0].Shape[1], dtype: DType.Float64)), Dense(n + 7, 2, n, n));
        Tensor[] y = OpTest.RunAll(
            (g, v) => [g.Cholesky(v[0]), g.Cholesky(v[0], upper: true), g.TriangularSolve(v[0], v[1], lower: true), g.TriangularSolve(v[0], v[1])], a, b);
        for (int i = 0; i < 2; i++)
        {
            AssertClose(At(a, i).Cholesky().Factor, At(y[0], i), 1e-10);
            AssertClose(At(y[0], i).Transpose(), At(y[1], i), 0);
            AssertClose(At(a, i).LowerTriangle().Solve(At(b, i)), At(y[2], i), 1e-9);
            AssertClose(At(a, i).UpperTriangle().Solve(At(b, i)), At(y[3], i), 1e-9);
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void LUIsPackedAsLapack(int n)
    {
        Tensor a = Dense(n, n, n);
        Tensor[] y = OpTest.RunAll((g, v) => g.Lu(v[0]) is var (lu, p) ? [lu, p] : [], a);
        Matrix<double> product = At(y[0], 0), lower = product.StrictlyLowerTriangle() + Matrix<double>.Build.DenseIdentity(n);
        Matrix<double> expected = At(a, 0);
        int[] pivots = y[1].As<int>().ToArray();
        for (int k = 0; k < n; k++)
        {
            Vector<double> row = expected.Row(k), other = expected.Row(pivots[k]);
            expected.SetRow(k, other);
            expected.SetRow(pivots[k], row);
        }

        AssertClose(expected, lower * product.UpperTriangle(), 1e-10);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void QRHasOrthonormalColumnsAndLapacksSigns(int rows, int columns)
    {
        Tensor a = Dense(rows + columns, 2, rows, columns);
        Tensor[] y = OpTest.RunAll((g, v) => g.QR(v[0]) is var (q, r) && g.QR(v[0], complete: true) is var (qc, rc) ? [q, r, qc, rc] : [], a);
        Assert.Equal([rows, rows], y[2].Shape.Skip(1));
        for (int i = 0; i < 2; i++)
        {
            for (int form = 0; form < 4; form += 2)
            {
                Matrix<double> q = At(y[form], i), r = At(y[form + 1], i);
                AssertClose(At(a, i), q * r, 1e-10);
                AssertClose(Matrix<double>.Build.DenseIdentity(q.ColumnCount), q.TransposeThisAndMultiply(q), 1e-10);
                AssertClose(r.UpperTriangle(), r, 0);
                double beta = -Math.CopySign(At(a, i).Column(0).L2Norm(), At(a, i)[0, 0]);
                Assert.Equal(rows == 1 ? At(a, i)[0, 0] : beta, r[0, 0], 1e-10);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void SingularValuesAndVectors(int rows, int columns)
    {
        Tensor a = Dense(rows * columns, 2, rows, columns);
        Tensor[] y = OpTest.RunAll((g, v) => g.SVD(v[0]) is var (u, s, vh) && g.SVD(v[0], fullMatrices: false) is var (ut, st, vt) ? [u, s, vh, ut, st, vt] : [], a);
        int few = Math.Min(rows, columns);
        for (int i = 0; i < 2; i++)
        {
            double[] s = y[1].Doubles()[(i * few)..((i + 1) * few)];
            Vector<double> expected = At(a, i).Svd().S;
            for (int k = 0; k < few; k++)
            {
                Assert.Equal(expected[k], s[k], 1e-10 * expected[0]);
            }

            Matrix<double> u = At(y[0], i), vh = At(y[2], i), middle = Matrix<double>.Build.DenseDiagonal(rows, columns, k => s[k]);
            AssertClose(At(a, i), u * middle * vh, 1e-10);
            AssertClose(Matrix<double>.Build.DenseIdentity(rows), u.TransposeThisAndMultiply(u), 1e-10);
            AssertClose(Matrix<double>.Build.DenseIdentity(columns), vh.TransposeAndMultiply(vh), 1e-10);
            AssertClose(At(a, i), At(y[3], i) * Matrix<double>.Build.DenseDiagonal(few, few, k => s[k]) * At(y[5], i), 1e-10);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void PseudoInverseAndLeastSquares(int rows, int columns)
    {
        Tensor a = Dense(rows + (2 * columns), 2, rows, columns), b = Dense(rows, 2, rows, 2);
        Tensor[] y = OpTest.RunAll((g, v) => [g.Pinv(v[0]), g.Lstsq(v[0], v[1])], a, b);
        for (int i = 0; i < 2; i++)
        {
            Matrix<double> expected = At(a, i).PseudoInverse();
            AssertClose(expected, At(y[0], i), 1e-9);
            AssertClose(expected * At(b, i), At(y[1], i), 1e-9);
        }
    }

    [Fact]
    public void MatricesOfLessThanFullRank()
    {
        Tensor a = Values.Of(DType.Float64, new Shape(3, 3), 1, 2, 3, 2, 4, 6, 1, 0, 1), zero = Values.Of(DType.Float64, new Shape(2, 3), 0, 0, 0, 0, 0, 0);
        AssertClose(At(a, 0).PseudoInverse(), At(OpTest.Run((g, v) => g.Pinv(v[0], 1e-12), a), 0), 1e-10);
        Assert.Equal(0, OpTest.Run((g, v) => g.Det(v[0]), a).Doubles()[0], 1e-14);
        Tensor[] y = OpTest.RunAll((g, v) => g.SVD(v[0]) is var (u, s, vh) ? [u, s, vh] : [], zero);
        Assert.Equal([0, 0], y[1].Doubles());
        AssertClose(Matrix<double>.Build.DenseIdentity(3), At(y[2], 0) * At(y[2], 0).Transpose(), 1e-14);
        Assert.Equal(new double[6], OpTest.Run((g, v) => g.Pinv(v[0]), zero).Doubles());
        Tensor singular = Values.Of(DType.Float64, new Shape(2, 2), 1, 2, 2, 4);
        Assert.Throws<InvalidOperationException>(() => OpTest.Run((g, v) => g.Inverse(v[0]), singular));
        Tensor[] none = OpTest.RunAll((g, v) => [g.SlogDet(v[0]).Sign, g.SlogDet(v[0]).LogAbs], singular);
        Assert.Equal((0, double.NegativeInfinity), (none[0].Doubles()[0], none[1].Doubles()[0]));
        Assert.Throws<InvalidOperationException>(() => OpTest.Run((g, v) => g.Cholesky(v[0]), Values.Of(DType.Float64, new Shape(2, 2), 1, 2, 2, 1)));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void EigenvaluesOfSymmetricMatrices(int n)
    {
        Tensor a = OpTest.Run((g, v) => g.Add(v[0], g.SwapAxes(v[0], 1, 2)), Dense(n, 2, n, n));
        Tensor[] y = OpTest.RunAll((g, v) => g.Eigh(v[0]) is var (w, x) ? [w, x] : [], a);
        for (int i = 0; i < 2; i++)
        {
            double[] values = y[0].Doubles()[(i * n)..((i + 1) * n)];
            Assert.Equal(values.Order(), values);
            Matrix<double> vectors = At(y[1], i);
            AssertClose(At(a, i) * vectors, vectors * Matrix<double>.Build.DenseOfDiagonalArray(values), 1e-10);
            AssertClose(Matrix<double>.Build.DenseIdentity(n), vectors.TransposeThisAndMultiply(vectors), 1e-10);
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void EigenvaluesOfRealMatrices(int n)
    {
        Tensor a = Dense(n, 2, n, n);
        Tensor[] y = OpTest.RunAll((g, v) => g.Eig(v[0]) is var (wr, wi, vr, vi) ? [wr, wi, vr, vi] : [], a);
        for (int i = 0; i < 2; i++)
        {
            double[] re = y[0].Doubles()[(i * n)..((i + 1) * n)], im = y[1].Doubles()[(i * n)..((i + 1) * n)];
            Matrix<double> x = At(y[2], i), z = At(y[3], i), m = At(a, i);
            Matrix<double> real = Matrix<double>.Build.DenseOfDiagonalArray(re), imaginary = Matrix<double>.Build.DenseOfDiagonalArray(im);
            AssertClose(m * x, (x * real) - (z * imaginary), 1e-8);
            AssertClose(m * z, (x * imaginary) + (z * real), 1e-8);
            Assert.Equal(m.Trace(), re.Sum(), 1e-8);
            Assert.Equal(
                m.Evd().EigenValues.Select(w => (Math.Round(w.Real, 6) + 0.0, Math.Round(w.Imaginary, 6) + 0.0)).Order(),
                re.Zip(im).Select(w => (Math.Round(w.First, 6) + 0.0, Math.Round(w.Second, 6) + 0.0)).Order());
            Assert.All(x.PointwiseMultiply(x).Add(z.PointwiseMultiply(z)).ColumnSums(), sum => Assert.Equal(1, sum, 1e-12));
        }
    }

    [Fact]
    public void ARotationTurnsByItsAngle()
    {
        Tensor a = Values.Of(DType.Float64, new Shape(2, 2), 0, -1, 1, 0);
        Tensor[] y = OpTest.RunAll((g, v) => g.Eig(v[0]) is var (wr, wi, vr, vi) ? [wr, wi, vr, vi] : [], a);
        Assert.Equal([0, 0], y[0].Doubles().Select(v => Math.Round(v, 12) + 0.0));
        Assert.Equal([-1, 1], y[1].Doubles().Order().Select(v => Math.Round(v, 12)));
    }

    [Theory]
    [InlineData(DType.Float32, 1e-5)]
    [InlineData(DType.Float16, 2e-2)]
    [InlineData(DType.BFloat16, 1e-1)]
    public void SmallerTypesAreRounded(DType type, double tolerance)
    {
        Tensor a = Values.Of(type, new Shape(2, 2), 4, 1, 2, 3);
        AssertClose(At(a, 0).Inverse(), At(OpTest.Run((g, v) => g.Inverse(v[0]), a), 0), tolerance);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(64)]
    [InlineData(3)]
    [InlineData(12)]
    [InlineData(31)]
    [InlineData(100)]
    public void FourierTransformsAreTheirSums(int n)
    {
        Tensor re = Values.Random(DType.Float64, n, 3, n), im = Values.Random(DType.Float64, n + 50, 3, n);
        Tensor[] y = OpTest.RunAll((g, v) => g.FFT(v[0], v[1]) is var (a, b) && g.IFFT(a, b) is var (c, d) && g.FFT(v[0]) is var (e, f) ? [a, b, c, d, e, f] : [], re, im);
        double[] x = re.Doubles(), z = im.Doubles();
        for (int row = 0; row < 3; row++)
        {
            for (int k = 0; k < n; k++)
            {
                System.Numerics.Complex sum = 0, real = 0;
                for (int j = 0; j < n; j++)
                {
                    var turn = System.Numerics.Complex.FromPolarCoordinates(1, -2 * Math.PI * ((long)j * k % n) / n);
                    sum += new System.Numerics.Complex(x[(row * n) + j], z[(row * n) + j]) * turn;
                    real += x[(row * n) + j] * turn;
                }

                Assert.Equal(sum.Real, y[0].Doubles()[(row * n) + k], 1e-11 * n);
                Assert.Equal(sum.Imaginary, y[1].Doubles()[(row * n) + k], 1e-11 * n);
                Assert.Equal(real.Real, y[4].Doubles()[(row * n) + k], 1e-11 * n);
                Assert.Equal(real.Imaginary, y[5].Doubles()[(row * n) + k], 1e-11 * n);
            }
        }

        Assert.All(x.Zip(y[2].Doubles()), p => Assert.Equal(p.First, p.Second, 1e-12));
        Assert.All(z.Zip(y[3].Doubles()), p => Assert.Equal(p.First, p.Second, 1e-12));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    public void HalfTransformsOfRealNumbersReturn(int n)
    {
        Tensor x = Values.Random(DType.Float64, n, 2, n);
        Tensor[] y = OpTest.RunAll((g, v) => g.RFFT(v[0]) is var (re, im) && g.FFT(v[0]) is var (a, b) ? [re, im, a, b, g.IRFFT(re, im, n), g.RFFT(v[0], n + 3).Real, g.RFFT(v[0], Math.Max(n - 1, 1)).Real] : [], x);
        Assert.Equal(new Shape(2, (n / 2) + 1), y[0].Shape);
        Assert.Equal(Values.Moved(y[2], y[0].Shape, at => at), y[0].Texts());
        Assert.Equal(Values.Moved(y[3], y[1].Shape, at => at), y[1].Texts());
        double[] expected = x.Doubles(), found = y[4].Doubles();
        for (int i = 0; i < found.Length; i++)
        {
            Assert.Equal(expected[i], found[i], 1e-12);
        }

        Assert.Equal(new Shape(2, ((n + 3) / 2) + 1), y[5].Shape);
        Assert.Equal(expected[..n].Sum(), y[5].Doubles()[0], 1e-12);
        Assert.Equal(expected[..Math.Max(n - 1, 1)].Sum(), y[6].Doubles()[0], 1e-12);
    }

    [Fact]
    public void TwoAxesAreTransformedOneAfterTheOther()
    {
        Tensor x = Values.Random(DType.Float64, 1, 4, 6);
        Tensor[] y = OpTest.RunAll((g, v) => g.FFT2(v[0]) is var (a, b) && g.FFT2(a, b, inverse: true) is var (c, d) ? [a, c] : [], x);
        Assert.Equal(x.Doubles().Sum(), y[0].Doubles()[0], 1e-12);
        Assert.All(x.Doubles().Zip(y[1].Doubles()), p => Assert.Equal(p.First, p.Second, 1e-12));
    }

    [Fact]
    public void ShapesThatDoNotFitAreRefused()
    {
        Tensor a = Dense(1, 2, 3), b = Dense(2, 2, 2);
        Assert.Throws<ModelFormatException>(() => OpTest.RunPlanned((g, v) => [g.Inverse(v[0])], [a], (_, _, n) => n));
        Assert.Throws<ArgumentException>(() => OpTest.RunPlanned((g, v) => [g.Solve(v[0], v[1])], [Dense(1, 3, 3), b], (_, _, n) => n));
        Assert.Throws<ModelFormatException>(() => OpTest.RunPlanned((g, v) => [g.Det(v[0])], [Values.Counting(DType.Int32, 2, 2)], (_, _, n) => n));
    }

    private static Tensor Dense(int seed, params int[] dims)
    {
        var random = new Random(seed);
        var shape = new Shape(dims);
        return new Tensor<double>(Enumerable.Range(0, shape.ElementCount).Select(_ => (2 * random.NextDouble()) - 1).ToArray(), shape);
    }

    private static Matrix<double> At(Tensor tensor, int batch)
    {
        int rows = tensor.Shape[-2], columns = tensor.Shape[-1];
        return Matrix<double>.Build.DenseOfRowMajor(rows, columns, tensor.Doubles().Skip(batch * rows * columns).Take(rows * columns));
    }

    private static void AssertClose(Matrix<double> expected, Matrix<double> actual, double tolerance)
    {
        double scale = Math.Max(1, expected.Enumerate().Select(Math.Abs).DefaultIfEmpty(0).Max());
        Assert.True((expected - actual).Enumerate().All(d => Math.Abs(d) <= tolerance * scale), $"expected {expected}, found {actual}");
    }
}
