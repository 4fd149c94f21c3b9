namespace KerasCompat.Convert.Cases;

/// <summary>What a case of texts expects; a failed check says what it found.</summary>
internal static class Check
{
    public static void That(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new DifferenceException(otherwise);
        }
    }

    public static void Equal<T>(T expected, T found) =>
        That(EqualityComparer<T>.Default.Equals(expected, found), $"found {found}; expected {expected}");

    public static void Sequence<T>(IEnumerable<T> expected, IEnumerable<T> found)
    {
        T[] want = [.. expected], got = [.. found];
        int at = want.Zip(got).TakeWhile(p => EqualityComparer<T>.Default.Equals(p.First, p.Second)).Count();
        That(
            at == want.Length && at == got.Length,
            $"[{at}]: found {(at < got.Length ? $"{got[at]}" : "nothing")} of {got.Length}; expected {(at < want.Length ? $"{want[at]}" : "nothing")} of {want.Length}");
    }

    /// <summary>Rows of numbers.</summary>
    public static void Rows(int[][] expected, int[][] found)
    {
        Equal(expected.Length, found.Length);
        foreach ((int[] want, int[] got) in expected.Zip(found))
        {
            Sequence(want, got);
        }
    }

    /// <summary>A call that must fail in one of a few ways.</summary>
    public static Exception Refused(Func<object?> call, params ReadOnlySpan<Type> kinds)
    {
        object? answer;
        try
        {
            answer = call();
        }
        catch (Exception e)
        {
            foreach (Type type in kinds)
            {
                if (type.IsInstanceOfType(e))
                {
                    return e;
                }
            }

            throw new DifferenceException($"{e.GetType().Name}: {e.Message}; expected one of {string.Join(", ", kinds.ToArray().Select(t => t.Name))}");
        }

        throw new DifferenceException($"answered {answer}; expected a refusal");
    }
}

/// <summary>What was computed is not what Keras computed.</summary>
internal sealed class DifferenceException(string message) : Exception(message);
