using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Output;

/// <summary>Problems as JSON.</summary>
internal static class ProblemJson
{
    public static JObject Write(Problem problem)
    {
        var json = new JObject { ["place"] = problem.Place, ["found"] = problem.Found };
        foreach ((string key, string? value) in (ReadOnlySpan<(string, string?)>)[("expected", problem.Expected), ("remedy", problem.Remedy), ("since", problem.Since)])
        {
            if (value is not null)
            {
                json[key] = value;
            }
        }

        return json;
    }
}
