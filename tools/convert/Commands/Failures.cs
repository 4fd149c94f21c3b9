using KerasCompat.Convert.Output;
using KerasCompat.OnnxRuntime;
using KerasCompat.Runtime.OpenCl;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Commands;

/// <summary>Turns what can go wrong in a command into a message and an exit code.</summary>
internal static class Failures
{
    /// <summary>Runs a command's work.</summary>
    /// <param name="json">Whether failures are printed as JSON.</param>
    /// <param name="work">The work.</param>
    public static int Guard(bool json, Func<ExitCode> work)
    {
        try
        {
            return (int)work();
        }
        catch (UnsupportedModelException e)
        {
            return Report(json, ExitCode.Unsupported, "unsupported", e.Problems);
        }
        catch (ModelFormatException e)
        {
            return Report(json, ExitCode.BadFile, "bad file", [e.Problem]);
        }
        catch (ResourceLimitException e)
        {
            return Report(json, ExitCode.Limit, "limit", [e.Problem]);
        }
        catch (Exception e) when (e is OpenClException or OnnxRuntimeException)
        {
            return Report(json, ExitCode.Unsupported, "unsupported", [new Problem("device", e.Message)]);
        }
        catch (ArgumentException e)
        {
            return Report(json, ExitCode.Usage, "usage", [new Problem("input", e.Message)], e.Message);
        }
        catch (OperationCanceledException e)
        {
            return Report(json, ExitCode.Stopped, "stopped", [new Problem("convert", e.Message)], "nothing was written");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Report(json, ExitCode.BadFile, "file", [new Problem("file", e.Message)], e.Message);
        }
    }

    private static int Report(bool json, ExitCode code, string kind, IReadOnlyList<Problem> problems, string? text = null)
    {
        if (json)
        {
            Console.WriteLine(new JObject { ["error"] = kind, ["problems"] = new JArray(problems.Select(ProblemJson.Write)) });
            return (int)code;
        }

        Console.Error.WriteLine(Terminal.Failure(problems.Count > 1 ? $"{kind}: {problems.Count} problems" : $"{kind}:"));
        foreach (Problem problem in problems)
        {
            Console.Error.WriteLine($"  {text ?? problem.ToString()}");
        }

        return (int)code;
    }
}
