using KerasCompat.Containers;
using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Cases;

/// <summary>A file of weights alone: it is told as such, and every array is the one that h5py saw.</summary>
internal static class WeightsCase
{
    public static CaseOutcome Run(FixtureCase test)
    {
        using KerasFile file = KerasFileReader.Open(test.Model!);
        if (file.Config is not null || file.Weights is null)
        {
            return new CaseOutcome(test.Name, false, $"taken for {file.Kind}; expected weights alone");
        }

        var arrays = file.Weights.Arrays.ToDictionary(a => a.Path.TrimStart('/'));
        foreach (JToken row in (JArray)test["weight_sums"]!)
        {
            string path = (string)row[0]!;
            if (!arrays.Remove(path, out StoredArray? array))
            {
                return new CaseOutcome(test.Name, false, $"{path}: not found");
            }

            double[] values = array.Read().Cast(DType.Float64).As<double>().ToArray();
            double sum = values.Sum(), squares = values.Sum(v => v * v);
            if (!array.Shape.SequenceEqual(row[1]!.Select(d => (int)d)) || !Near(sum, (double)row[2]!, squares) || !Near(squares, (double)row[3]!, squares))
            {
                return new CaseOutcome(test.Name, false, $"{path}: {array.Shape}, sum {sum:g9}, sum of squares {squares:g9}; expected {row.ToString(Newtonsoft.Json.Formatting.None)}");
            }
        }

        return new CaseOutcome(test.Name, arrays.Count == 0, arrays.Count == 0 ? "weights alone" : $"arrays that h5py did not see: {string.Join(", ", arrays.Keys)}");
    }

    /// <summary>Sums of float32 in another order differ in the last digits, more where terms cancel.</summary>
    private static bool Near(double got, double want, double squares) => Math.Abs(got - want) <= 1e-6 * (1 + Math.Abs(want) + Math.Sqrt(squares));
}
