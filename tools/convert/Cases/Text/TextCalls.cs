using System.Text;
using KerasCompat.Runtime;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Cases;

/// <summary>The lines of a topic of suite <c>text</c>, and the values in them; <c>generate/text.py</c> describes both.</summary>
internal static class TextCalls
{
    public static IEnumerable<JObject> Read(string path)
    {
        foreach (string line in File.ReadLines(path))
        {
            using var reader = new JsonTextReader(new StringReader(line)) { DateParseHandling = DateParseHandling.None };
            yield return JObject.Load(reader);
        }
    }

    public static bool IsKeras(this JObject line, string version) => line["keras"]!.Any(v => (string)v! == version);

    /// <summary>Text, also where it holds a lone surrogate.</summary>
    public static string Text(JToken token) => token is JObject { } o
        ? o["codepoints"]!.Aggregate(new StringBuilder(), (text, c) => (int)c > 0xFFFF ? text.Append(char.ConvertFromUtf32((int)c)) : text.Append((char)(int)c)).ToString()
        : (string)token!;

    public static double Number(JToken token) => token switch
    {
        JObject o => (string)o["float"]! switch { "inf" => double.PositiveInfinity, "-inf" => double.NegativeInfinity, _ => double.NaN },
        { Type: JTokenType.Boolean } => (bool)token ? 1 : 0,
        _ => (double)token,
    };

    public static IEnumerable<(JToken Key, JToken Value)> Pairs(JToken token) => token["pairs"]!.Select(p => (p[0]!, p[1]!));

    public static int[] Shape(JToken array) => [.. array["shape"]!.Select(d => (int)d)];

    public static int[][] Rows(JToken rows) => [.. rows.Select(row => row.Select(i => (int)i).ToArray())];

    /// <summary>An array of texts or numbers in its own element type.</summary>
    public static Tensor Array(JToken array)
    {
        if (array is JArray list)
        {
            return new Tensor<double>(list.Select(Number).ToArray(), new Shape([list.Count]));
        }

        var shape = new Shape(Shape(array));
        string dtype = (string)array["dtype"]!;
        if (dtype == "str")
        {
            return new Tensor<string>(array["data"]!.Select(Text).ToArray(), shape);
        }

        // A list in Python without any element is of float64.
        DType type = Type(dtype);
        return type is DType.Int64 or DType.Int32
            ? new Tensor<long>(array["data"]!.Select(i => (long)i).ToArray(), shape).Cast(type)
            : new Tensor<double>(array["data"]!.Select(Number).ToArray(), shape).Cast(type);
    }

    public static DType Type(string name) => DTypes.TryParse(name, out DType type) ? type : throw new ArgumentException(name);

    /// <summary>Holds a tensor against an array: float32 is written exactly, float64 to 12 digits.</summary>
    public static void Same(JToken array, Tensor tensor)
    {
        Check.Sequence(Shape(array), tensor.Shape.Dims.ToArray());
        if ((string)array["dtype"]! == "str" && tensor.DType == DType.String)
        {
            Check.Sequence(array["data"]!.Select(Text), tensor.As<string>().ToArray());
            return;
        }

        double[] values = tensor.Cast(DType.Float64).As<double>().ToArray();
        JArray data = (JArray)array["data"]!;
        bool single = (string)array["dtype"]! == "float32";
        for (int i = 0; i < data.Count; i++)
        {
            double want = Number(data[i]);
            bool same = want.Equals(values[i]) || (single ? ((float)want).Equals((float)values[i]) : Math.Abs(want - values[i]) <= 1e-11 * Math.Max(1, Math.Abs(want)));
            Check.That(same, $"[{i}]: found {values[i]:r}; expected {want:r}");
        }
    }
}
